import { readiness } from '@/server/core/health.ts'

/** `/readyz`: what this server depends on, one by one; 503 where it cannot serve. */
export async function GET(): Promise<Response> {
  const state = await readiness()
  return Response.json(state, { status: state.status === 'unhealthy' ? 503 : 200, headers: { 'cache-control': 'no-store' } })
}

export const dynamic = 'force-dynamic'
