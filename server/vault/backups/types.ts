import { z } from 'zod'
import { AppError, type ErrorCode } from '@/server/core/errors.ts'
import { keyStateSchema } from '../schema.ts'

const when = z.iso.datetime().transform((text) => new Date(text))
const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'))
const wrapping = { masterId: z.string().nullable(), wrapped: base64 }

/** What a backup of the keys holds, once it was opened. */
export const backupSchema = z.object({
  version: z.literal(1),
  madeAt: z.iso.datetime(),
  kind: z.enum(['local', 'vault']),
  currentId: z.string(),
  /** The local master keys, the current one first; none where a vault keeps them. */
  masterKeys: z.array(base64.refine((key) => key.length === 32)),
  keys: z.array(
    z.object({
      ...wrapping,
      id: z.guid(),
      projectId: z.uuid().nullable(),
      state: keyStateSchema,
      createdAt: when,
      retiredAt: when.nullable(),
    }),
  ),
  secrets: z.array(z.object({ ...wrapping, masterId: z.string(), name: z.string() })),
})
export type Backup = z.output<typeof backupSchema>
export type BackupText = z.input<typeof backupSchema>

const said = {
  passphraseShort: ['BAD_REQUEST', 'The passphrase needs at least 12 characters.'],
  backupUnknown: ['BAD_REQUEST', 'This is no backup of keys, or one of a newer version.'],
  backupAltered: ['CONFLICT', 'This backup of keys is cut off or was altered.'],
  backupPassphrase: ['FORBIDDEN', 'This is not the passphrase of this backup.'],
  backupOtherMaster: ['CONFLICT', 'This backup is of another installation: its master key is another one than the one in use here.'],
  backupOtherKeeping: ['CONFLICT', 'In this backup the master key is kept elsewhere: here it has to be kept the same way.'],
  backupNotWritable: ['CONFLICT', 'The master key comes from the environment: put the one of the backup there first.'],
} as const satisfies Record<string, readonly [ErrorCode, string]>

/** Why a backup was not made or not put back. */
export const backupRefusal = (key: keyof typeof said, cause?: unknown): AppError =>
  new AppError(said[key][0], said[key][1], key.toLowerCase().includes('passphrase') ? 'passphrase' : undefined, { key, cause })
