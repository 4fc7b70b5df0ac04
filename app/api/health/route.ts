import { readiness } from '@/server/core/health.ts'

/** `/healthz`: this process answers. `/readyz` (`?check=ready`): what it depends on, one by one; 503 where it cannot serve. */
export async function GET(request: Request): Promise<Response> {
  const headers = { 'cache-control': 'no-store' }
  if (new URL(request.url).searchParams.get('check') !== 'ready') return Response.json({ status: 'healthy' }, { headers })
  const state = await readiness()
  return Response.json(state, { status: state.status === 'unhealthy' ? 503 : 200, headers })
}
