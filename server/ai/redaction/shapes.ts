import { tokenPrefix } from '@/server/core/credentials.ts'
import { isStandIn, isWordy } from './plausible.ts'
import type { Rule } from './types.ts'

/** Tokens that are known by their shape, whatever stands around them; besides those the preset knows, or in shapes it does not. */
const shapes: readonly (readonly [rule: string, pattern: RegExp])[] = [
  ['aws', /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g],
  ['anthropic', /\bsk-ant-[\w-]{24,400}/g],
  ['openai', /\bsk-(?:(?:proj|svcacct|admin|None)-[\w-]{24,400}|[A-Za-z0-9]{32,100})(?![\w-])/g],
  ['google', /\bAIza[\w-]{35}(?![\w-])|\bGOCSPX-[\w-]{20,60}|\bya29\.[\w-]{20,1000}|\b1\/\/0[\w-]{40,200}/g],
  ['stripe', /\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{10,250}|whsec_[A-Za-z0-9+/=]{24,120})/g],
  ['github', /\b(?:gh[pousr]_[A-Za-z0-9_]{36,255}|github_pat_\w{22,255})/g],
  ['gitlab', /\bgl(?:pat|ptt|rt|dt|cbt|ft|soat|imt|agent|oas|ffct)-[\w.=-]{20,300}/g],
  [
    'slack',
    /\bxox[a-z]-(?:\d-)?[A-Za-z0-9-]{10,250}|\bxapp-\d-[A-Za-z0-9-]{20,250}|hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/+-]{20,200}/g,
  ],
  [
    'discord',
    /discord(?:app)?\.com\/api\/webhooks\/\d{10,25}\/[\w-]{40,120}|\b[MNO][A-Za-z0-9_-]{23,27}\.[\w-]{6}\.[\w-]{27,50}(?![\w-])/g,
  ],
  ['telegram', /\b\d{8,11}:AA[\w-]{32,36}(?![\w-])/g],
  ['twilio', /\bSK[0-9a-f]{32}\b/g],
  ['sendgrid', /\bSG\.[\w-]{16,32}\.[\w-]{32,64}(?![\w-])/g],
  ['mail', /\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-us\d{1,2}\b|\bxkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}\b/g],
  ['npm', /\bnpm_[A-Za-z0-9]{36,100}\b/g],
  [
    'package-registry',
    /\bpypi-[\w-]{50,400}|\brubygems_[0-9a-f]{48}\b|\bcio[A-Za-z0-9]{32}\b|\boy2[a-z0-9]{43}\b|\bdckr_(?:pat|oat)_[\w-]{20,60}/g,
  ],
  [
    'cloud',
    /\bdo[opr]_v1_[0-9a-f]{64}\b|\bFlyV1 [\w+/=,-]{40,2000}|\bhf_[A-Za-z0-9]{30,60}\b|\bdapi[0-9a-f]{32}\b|\bnfp_[A-Za-z0-9]{36,60}\b/g,
  ],
  [
    'cloud',
    /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{40,100}|\bpscale_(?:tkn|pw|oauth)_[\w.=-]{32,64}|\bsbp_[0-9a-f]{40}\b|\bsb_secret_[\w-]{20,60}/g,
  ],
  ['atlassian', /\bAT(?:ATT|CTT|BB)[A-Za-z0-9][\w=.-]{20,400}/g],
  ['monitoring', /\bsntr(?:ys|yu)_[\w+/=-]{40,300}|\bNR(?:AK|JS|II)-[A-Za-z0-9_-]{19,40}|\bgl(?:c|sa)_[A-Za-z0-9+/_=]{32,400}/g],
  ['model-key', /\b(?:gsk|xai|pplx|r8|fw|tgp_v1)[_-][A-Za-z0-9_-]{36,100}(?![\w-])/g],
  ['shop', /\bshp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32,64}\b|\bsq0[a-z]{3}-[\w-]{22,60}|\bEAAA[\w-]{56,80}(?![\w-])/g],
  ['vault', /\bhv[sbr]\.[\w-]{24,400}|\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,100}/g],
  [
    'tooling',
    /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b|\blin_(?:api|oauth)_[A-Za-z0-9]{32,128}\b|\bfig[dou][_-][\w-]{36,200}|\bntn_[A-Za-z0-9]{40,60}\b/g,
  ],
  ['azure', /\b[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g],
  ['age', /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/g],
  // Deep in a run of its characters no token begins; without this each `eyJ` of such a run would be read on from.
  ['jwt', /\beyJ(?<![\w-]{64}eyJ)[\w-]{8,4000}\.eyJ[\w-]{8,8000}\.[\w-]{16,2000}/g],
  ['maestro-token', new RegExp(`\\b${tokenPrefix}_[A-Za-z0-9_-]{20,100}`, 'g')],
]

/** Secrets that stand behind something of a fixed shape: the first group is the secret. */
const behind: readonly (readonly [rule: string, pattern: RegExp])[] = [
  ['azure', /(?:AccountKey|SharedAccessKey|EndpointKey)=([A-Za-z0-9+/]{40,100}={0,2})/gi],
  ['azure', /[?&;]sig=([A-Za-z0-9%+/=]{30,120})/g],
  ['bearer', /\b(?:bearer|token|basic|apikey) \\*["'`]?([A-Za-z0-9._~+/=-]{16,4000})/gi],
  ['npm', /_(?:authToken|auth|password)\s{0,4}=\s{0,4}\\*["']?([A-Za-z0-9+/=_.-]{16,2000})/g],
  ['login', /\bmachine\s+\S{1,200}\s+login\s+\S{1,200}\s+password\s+(\S{4,200})/g],
  ['login', /\b(?:curl|wget|http)\b[^\n]{0,200}?\s(?:-u|--user)[ =]?\\*["']?[^\s:"'\\]{1,100}:([^\s"'\\]{4,200})/g],
]
const credentials = /\b[a-z][a-z0-9+.-]{1,20}:\\*\/\\*\/[^\s:/@"'`<>\\]{0,100}:([^\s/@"'`<>\\]{4,200})@(?=[\w[$%{-])/gi

const byShape: Rule = (text, report) => {
  for (const [rule, pattern] of shapes) {
    for (const { 0: value, index } of text.matchAll(pattern)) {
      // `sk_test_your_key_here_please`: a marker, and no digit in it.
      if (/\d/.test(value) && !value.endsWith('EXAMPLE') && !(isWordy(value) && isStandIn(value)))
        report({ start: index, end: index + value.length, rule, strong: true })
    }
  }
}

const byPlace: Rule = (text, report) => {
  for (const [rule, pattern] of behind) {
    for (const match of text.matchAll(pattern)) {
      const value = match[1] ?? ''
      const start = match.index + match[0].lastIndexOf(value)
      const marked = isStandIn(value) || (rule !== 'login' && (isWordy(value) || !/\d/.test(value)))
      if (!marked) report({ start, end: start + value.length, rule, strong: value.length >= 12 })
    }
  }
}

const inAddresses: Rule = (text, report) => {
  for (const match of text.matchAll(credentials)) {
    const value = match[1] ?? ''
    const start = match.index + match[0].lastIndexOf(value, match[0].length - 2)
    if (!isStandIn(value))
      report({ start, end: start + value.length, rule: 'address-password', strong: !isWordy(value) && value.length >= 12 })
  }
}

/** Secrets that are known by their own shape or by a fixed text before them. */
export const shapeRules: readonly Rule[] = [byShape, byPlace, inAddresses]
