import { AppError } from '@/server/core/errors.ts'
import type { Act, ProjectId } from '@/server/core/gates.ts'
import type { Destroyed, PlatformRing, ProjectRing, RoundView } from './schema.ts'

const soon = () => new AppError('UNAVAILABLE', 'The key ring is not ready yet.')

/** A project's keys and what they seal. */
export async function projectRing(_projectId: ProjectId, _service: string): Promise<ProjectRing> {
  throw soon()
}

/** The platform's keys and what they seal. */
export async function platformRing(): Promise<PlatformRing> {
  throw soon()
}

interface Asked {
  service: string
  requestId: string
}
type Rotated = { keyId: string; round: RoundView }

/** Gives a project a new key. */
export async function rotateKey(_act: Act, _projectId: ProjectId, _asked: Asked): Promise<Rotated> {
  throw soon()
}

/** Begins a round. */
export async function reseal(_act: Act, _projectId: ProjectId, _asked: Asked): Promise<{ round: RoundView }> {
  throw soon()
}

/** Ends the round that goes on. */
export async function cancelRound(_act: Act, _projectId: ProjectId, _service: string): Promise<{ cancelled: boolean }> {
  throw soon()
}

/** Destroys a project's keys. */
export async function destroyProjectKeys(
  _act: Act,
  _projectId: ProjectId,
  _asked: { service: string; confirm: string },
): Promise<Destroyed> {
  throw soon()
}

/** Makes a new master key. */
export async function rotateMaster(_act: Act): Promise<{ masterId: string; rewrapped: number; failed: number }> {
  throw soon()
}

/** Gives the platform a new key. */
export async function rotatePlatformKey(_act: Act, _asked: { requestId: string }): Promise<Rotated> {
  throw soon()
}

/** Begins a round of what belongs to no project. */
export async function resealPlatform(_act: Act, _asked: { requestId: string }): Promise<{ round: RoundView }> {
  throw soon()
}

/** Ends the platform's round. */
export async function cancelPlatformRound(_act: Act): Promise<{ cancelled: boolean }> {
  throw soon()
}
