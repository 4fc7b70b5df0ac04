import { execSync } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import zlib from 'node:zlib'
import { CompactEncrypt, CompactSign, compactDecrypt, compactVerify } from 'jose'

const files = execSync('git ls-files "server/**/*.ts" "components/**/*.tsx"').toString().trim().split('\n')
let t = ''
for (const f of files) {
  t += readFileSync(f, 'utf8')
  if (t.length > 1e6) break
}
t = t.slice(0, 1e6)
const body = JSON.stringify({ model: 'x', messages: [{ role: 'user', content: t }] })
const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 }),
  ed = generateKeyPairSync('ed25519')
const p50 = (a) => a.sort((x, y) => x - y)[a.length >> 1].toFixed(2)
async function time(name, f, n = 25) {
  const a = []
  let r
  for (let i = 0; i < n; i++) {
    const s = performance.now()
    r = await f()
    a.push(performance.now() - s)
  }
  console.log(name, p50(a), 'min', Math.min(...a).toFixed(2), r?.length ?? '')
  return r
}
const raw = Buffer.from(body)
await time('stringify body in json', () => JSON.stringify({ body }))
for (const l of [1, 2, 3, 6]) await time('deflate ' + l, () => zlib.deflateRawSync(raw, { level: l }))
await time('gzip1', () => zlib.gzipSync(raw, { level: 1 }))
await time('gzip1 mem9 chunk', () => zlib.gzipSync(raw, { level: 1, memLevel: 9, chunkSize: 1 << 20 }))
for (const q of [0, 1, 2])
  await time('br ' + q, () => zlib.brotliCompressSync(raw, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: q } }))
const z = zlib.deflateRawSync(raw, { level: 1 })
await time('inflate', () => zlib.inflateRawSync(z))
await time('inflate chunk1M', () => zlib.inflateRawSync(z, { chunkSize: 1 << 20 }))
const jws = await time('jws', () => new CompactSign(z).setProtectedHeader({ alg: 'EdDSA' }).sign(ed.privateKey))
const jwsb = Buffer.from(jws)
const jwe = await time('jwe', () =>
  new CompactEncrypt(jwsb).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }).encrypt(rsa.publicKey),
)
await time('jwe open', async () => (await compactDecrypt(jwe, rsa.privateKey)).plaintext)
await time('jws open', async () => (await compactVerify(jwsb, ed.publicKey)).payload)
await time('jwe small', () =>
  new CompactEncrypt(jwsb.subarray(0, 1000)).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' }).encrypt(rsa.publicKey),
)
const small = await new CompactEncrypt(jwsb.subarray(0, 1000))
  .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
  .encrypt(rsa.publicKey)
await time('jwe small open', async () => (await compactDecrypt(small, rsa.privateKey)).plaintext)
const full = await time(
  'jwe zip DEF of jws',
  () => new CompactEncrypt(raw).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', zip: 'DEF' }).encrypt(rsa.publicKey),
  10,
)
await time('open zip DEF', async () => (await compactDecrypt(full, rsa.privateKey, { maxDecompressedLength: 1e8 })).plaintext, 10)
