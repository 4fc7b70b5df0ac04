import { generateKeyPairSync } from 'node:crypto'

/** Random numbers that are the same in each run with the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
const hex = `${digits}abcdef`
const mixed = lower + lower.toUpperCase() + digits

/** A secret and a line of text as it is met with in a repository; `secret` is what must not leave. */
export interface Planted {
  kind: string
  text: string
  secret: string
}

/** Secrets of all kinds, made of parts when asked for: no file of the repository holds anything that looks like one. */
export function plantedSecrets(seed = 1): Planted[] {
  const random = seededRandom(seed)
  const some = (alphabet: string, length: number) => {
    const made = Array.from({ length: length - 2 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
    // A digit and a letter in any case: random text without either is as good as never met.
    return `${made}${alphabet.includes('7') ? '7' : 'Q'}${alphabet.includes('c') ? 'c' : 'K'}`
  }
  const upper = lower.toUpperCase() + digits
  const jwtPart = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const planted: Planted[] = []
  const plant = (kind: string, before: string, secret: string, after = '') =>
    planted.push({ kind, text: before + secret + after, secret: secret.trim() })
  const token = (kind: string, ...parts: string[]) => plant(kind, `// see ${kind}: `, parts.join(''), ' (do not share)')

  token('aws id', 'AK', 'IA', some(upper, 16).toUpperCase())
  plant('aws secret', 'aws_secret_access_key = ', some(mixed, 40))
  token('anthropic', 'sk-', 'ant-api03-', some(mixed, 93), 'AA')
  token('openai', 'sk-', 'proj-', some(mixed, 60))
  token('openai old', 'sk', '-', some(mixed, 48))
  token('google', 'AI', 'za', some(mixed, 35))
  token('google oauth', 'GOC', 'SPX-', some(mixed, 28))
  token('stripe', 'sk_', 'live_', some(mixed, 24))
  token('stripe restricted', 'rk_', 'test_', some(mixed, 40))
  token('stripe hook', 'wh', 'sec_', some(mixed, 32))
  token('github', 'gh', 'p_', some(mixed, 36))
  token('github fine', 'github', '_pat_', some(mixed, 82))
  token('github app', 'gh', 's_', some(mixed, 36))
  token('gitlab', 'gl', 'pat-', some(mixed, 20))
  token('slack', 'xo', 'xb-', some(digits, 12).replace(/\D/g, '1'), '-', some(mixed, 24))
  plant(
    'slack hook',
    'url: https://',
    `hooks.${'slack'}.com/services/T${some(upper, 8).toUpperCase()}/B${some(upper, 8).toUpperCase()}/${some(mixed, 24)}`,
  )
  plant('discord hook', 'https://', `discord${'.com'}/api/webhooks/123456789012345678/${some(mixed, 68)}`)
  token('telegram', '123456789', ':AA', some(mixed, 33))
  token('twilio', 'S', 'K', some(hex, 32))
  token('sendgrid', 'S', 'G.', some(mixed, 22), '.', some(mixed, 43))
  token('npm', 'np', 'm_', some(mixed, 36))
  token('pypi', 'py', 'pi-', some(mixed, 90))
  token('docker', 'dckr', '_pat_', some(mixed, 27))
  token('digitalocean', 'dop', '_v1_', some(hex, 64))
  token('hugging face', 'h', 'f_', some(mixed, 34))
  token('shopify', 'shp', 'at_', some(hex, 32))
  token('vault', 'hv', 's.', some(mixed, 95))
  token('atlassian', 'AT', 'ATT3', some(mixed, 100))
  token('linear', 'lin', '_api_', some(mixed, 40))
  token('postman', 'PM', 'AK-', some(hex, 24), '-', some(hex, 34))
  token('age', 'AGE-', 'SECRET-', 'KEY-1', some(upper, 58).toUpperCase())
  token('maestro', 'm', 'st_', some(mixed, 43))
  plant('azure storage', 'DefaultEndpointsProtocol=https;AccountName=shop;Account' + 'Key=', `${some(mixed, 86)}==`, ';EndpointSuffix=x')
  plant('azure sas', 'https://shop.blob.core.windows.net/a?sv=2024-01-01&sig=', `${some(mixed, 43)}%3D`, '&se=2030')
  token('jwt', jwtPart({ alg: 'HS256', typ: 'JWT' }), '.', jwtPart({ sub: some(digits, 10), name: 'Ada' }), '.', some(mixed, 43))
  plant('bearer', 'curl -H "Authorization: Bear' + 'er ', some(mixed, 40), '" https://api.test')
  plant('basic header', "headers: { Authorization: 'Ba" + 'sic ', Buffer.from(`shop:${some(mixed, 20)}`).toString('base64'), "' }")
  plant('env line', 'DB_PASS' + 'WORD=', `${some(mixed, 12)}!`)
  plant('env phrase', 'export SMTP_PASS' + 'WORD=', 'correct-horse-battery-staple')
  plant('env quoted', 'SESSION_SEC' + 'RET="', some(mixed, 32), '"')
  plant('yaml', '  passw' + 'ord: ', `${some(mixed, 14)}#`)
  plant('json', '{"api' + 'Key": "', some(hex, 32), '"}')
  plant('json in json', '{\\"client_sec' + 'ret\\": \\"', some(mixed, 28), '\\"}')
  plant('typescript', 'const api' + "Token: string = '", some(mixed, 24), "'")
  plant('python', 'os.environ["AUTH_TO' + 'KEN"] = "', some(mixed, 30), '"')
  plant('go', 'passw' + 'ord := `', `${some(mixed, 16)}$`, '`')
  plant('xml', '<pass' + 'word>', some(mixed, 18), '</password>')
  plant('option', 'mysql -h db --passw' + 'ord=', some(mixed, 16))
  plant('postgres', 'postgres' + '://app:', some(mixed, 16), '@db.internal:5432/shop?sslmode=require')
  plant('redis', 'redis' + '://:', some(mixed, 20), '@cache.internal:6379/0')
  plant('https login', 'git clone https' + '://ada:', some(mixed, 20), '@git.example.net/shop.git')
  plant('npmrc', '//registry.npmjs.org/:_auth' + 'Token=', some(mixed, 36))
  plant('docker config', '{"auths":{"r.io":{"au' + 'th":"', Buffer.from(`ada:${some(mixed, 16)}`).toString('base64'), '"}}}')
  plant('netrc', 'machine git.test login ada password ', some(mixed, 12))
  plant('korean', '비밀' + '번호: ', `${some(mixed, 12)}!`)
  return planted
}

/** A private key and the lines of it that must not leave. */
export function plantedKey(): { pem: string; lines: string[] } {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { pem, lines: pem.split('\n').filter((line) => line && !line.startsWith('---')) }
}
