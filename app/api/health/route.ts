/** `/healthz`: this process answers. */
export function GET(): Response {
  return Response.json({ status: 'healthy' }, { headers: { 'cache-control': 'no-store' } })
}

export const dynamic = 'force-dynamic'
