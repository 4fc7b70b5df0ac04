import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** One value in DER: its tag, its length, its bytes. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
const hex = (digits: string) => Buffer.from(digits, 'hex')
const time = (at: Date) =>
  der(
    0x18,
    Buffer.from(
      at
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .replace(/Z?$/, 'Z'),
    ),
  )

const ecdsaWithSha256 = sequence(der(0x06, hex('2a8648ce3d040302')))
const commonName = hex('550403')
const subjectAltName = hex('551d11')
const basicConstraints = hex('551d13')

/** A certificate for localhost that vouches for itself, and its key, both in PEM: what a test of HTTPS needs. */
export function makeCertificate({ name = 'localhost', expires = new Date(Date.now() + 86_400_000) } = {}): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = sequence(der(0x31, sequence(der(0x06, commonName), der(0x0c, Buffer.from(name)))))
  const names = [...['localhost', '*.localhost'].map((dns) => der(0x82, Buffer.from(dns))), der(0x87, Buffer.from([127, 0, 0, 1]))]
  const extensions = sequence(
    sequence(der(0x06, basicConstraints), der(0x04, sequence(der(0x01, Buffer.from([0xff]))))),
    sequence(der(0x06, subjectAltName), der(0x04, sequence(...names))),
  )
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    subject,
    sequence(time(new Date(expires.getTime() - 30 * 86_400_000)), time(expires)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const signature = sign('sha256', signed, privateKey)
  const whole = sequence(signed, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`, key }
}
