import { randomUUID } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import type { Job, Memo, NewRun, Plan } from './types.ts'

type Database = Pool | PoolClient

/** Every claim holds this lock for its statement, so that two processes cannot both take a key's last place. */
const claimLock = 7_201_044
const stepJob = 'step'

/** Runs `work` in one transaction. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release(failure)
  }
}

/** Makes runs with their first job; a run whose dedupe key its function knows already is left out. */
export async function insertRuns(database: Database, runs: NewRun[]): Promise<number> {
  if (runs.length === 0) return 0
  const column = <T>(pick: (run: NewRun) => T) => runs.map(pick)
  const result = await database.query({
    name: 'executor-insert',
    text: `WITH made AS (
        INSERT INTO executor_run (id, fn_id, dedupe, event, created_at, key1, limit1, key2, limit2)
        SELECT id, fn_id, dedupe, event, created_at, key1, limit1, key2, limit2
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::int[], $8::text[], $9::int[])
          AS new(id, fn_id, dedupe, event, created_at, key1, limit1, key2, limit2)
        ON CONFLICT (fn_id, dedupe) DO NOTHING RETURNING *)
      INSERT INTO executor_job (run_id, fn_id, step_id, kind, due_at, rank, key1, limit1, key2, limit2)
      SELECT made.id, fn_id, '${stepJob}', 'call', due.at, created_at, key1, limit1, key2, limit2
      FROM made JOIN unnest($1::text[], $10::bigint[]) AS due(id, at) ON due.id = made.id`,
    values: [
      column((run) => run.id),
      column((run) => run.fnId),
      column((run) => run.dedupe),
      column((run) => run.event),
      column((run) => run.createdAt),
      column((run) => run.keys[0]?.key ?? null),
      column((run) => run.keys[0]?.limit ?? null),
      column((run) => run.keys[1]?.key ?? null),
      column((run) => run.keys[1]?.limit ?? null),
      column((run) => run.dueAt),
    ],
  })
  return result.rowCount ?? 0
}

/** Takes the next due job for `leaseMs`, or nothing where none is due or every key is full. Steps come back as the JSON that a call carries. */
export async function claim(pool: Pool, fnIds: string[], now: number, leaseMs: number): Promise<Job | undefined> {
  const functions = fnIds.map((id) => `'${id.replaceAll("'", "''")}'`).join(',')
  const token = randomUUID()
  // Three statements in one message, each with a snapshot of its own: the second counts what is held under the lock of the first,
  // and the third reads the memos once the job is ours, when no former holder can add one. A lease need not reach the disk: after a
  // crash of the database the job is free, and whoever held it finds its token gone.
  const results = (await pool.query(`SELECT pg_advisory_xact_lock(${claimLock}), set_config('synchronous_commit', 'off', true);
    WITH held AS (SELECT key1, key2 FROM executor_job WHERE lease_until > clock_timestamp()),
      busy AS (SELECT key, count(*) AS n FROM (SELECT key1 AS key FROM held UNION ALL SELECT key2 FROM held) AS keys WHERE key IS NOT NULL GROUP BY key),
      next AS (
        SELECT j.id FROM executor_job j JOIN executor_run r ON r.id = j.run_id
        WHERE j.due_at <= ${Number(now)} AND (j.lease_until IS NULL OR j.lease_until <= clock_timestamp())
          AND r.status = 'running' AND j.fn_id = ANY (ARRAY[${functions}]::text[])
          AND NOT EXISTS (SELECT 1 FROM busy WHERE (busy.key = j.key1 AND busy.n >= j.limit1) OR (busy.key = j.key2 AND busy.n >= j.limit2))
        ORDER BY j.rank, j.id LIMIT 1 FOR UPDATE OF j SKIP LOCKED)
    UPDATE executor_job j SET losses = losses + (token IS NOT NULL)::int, token = '${token}', again = false,
      lease_until = clock_timestamp() + ${Number(leaseMs)} * interval '1 ms'
    FROM next WHERE j.id = next.id
    RETURNING j.id, j.token, j.run_id AS "runId", j.fn_id AS "fnId", j.step_id AS "stepId", j.kind, j.attempt, j.losses;
    SELECT r.event, r.version, r.pending, r.step_count AS "stepCount", r.state_bytes::float8 AS "stateBytes",
      (SELECT coalesce('{' || string_agg('"' || s.step_id || '":' || s.memo, ',') || '}', '{}')
        FROM executor_step s WHERE s.run_id = r.id AND s.memo IS NOT NULL) AS steps,
      ARRAY(SELECT s.step_id FROM executor_step s WHERE s.run_id = r.id AND s.memo IS NOT NULL ORDER BY s.position) AS stack
    FROM executor_run r JOIN executor_job j ON j.run_id = r.id WHERE j.token = '${token}'`)) as unknown as { rows: Job[] }[]
  const [job, state] = [results[1]?.rows[0], results[2]?.rows[0]]
  return job && state ? { ...state, ...job } : undefined
}

/** When the next thing falls due that is not due yet, in milliseconds since the epoch. */
export async function nextDue(pool: Pool, now: number): Promise<number | undefined> {
  const { rows } = await pool.query({
    name: 'executor-next',
    text: 'SELECT min(due_at) AS at FROM executor_job WHERE due_at > $1',
    values: [now],
  })
  return rows[0]?.at == null ? undefined : Number(rows[0].at)
}

/** How many jobs of these functions are due or held by anyone. */
export async function openJobs(pool: Pool, fnIds: string[], now: number): Promise<number> {
  const { rows } = await pool.query(
    'SELECT count(*)::int AS n FROM executor_job WHERE fn_id = ANY($1) AND (due_at <= $2 OR lease_until > clock_timestamp())',
    [fnIds, now],
  )
  return rows[0].n
}

/**
 * The run is locked first, then its jobs, everywhere: that is what keeps concurrent steps of one run from waiting for each
 * other in a circle. The last two parts say what becomes of this job, and whether its end lets the run look for what comes next.
 */
const settleSql = `WITH run AS (
        SELECT id, fn_id, created_at, key1, limit1, key2, limit2 FROM executor_run WHERE id = $1 AND status = 'running' FOR UPDATE
      ), held AS (
        SELECT j.id, j.run_id, j.step_id, j.eager FROM executor_job j JOIN run ON run.id = j.run_id
        WHERE j.id = $2 AND j.token = $3 FOR UPDATE OF j
      ), memo AS (
        INSERT INTO executor_step AS s (run_id, step_id, memo) SELECT held.run_id, m.* FROM held, unnest($4::text[], $5::text[]) AS m
        ON CONFLICT (run_id, step_id) DO UPDATE SET memo = EXCLUDED.memo, position = EXCLUDED.position WHERE s.memo IS NULL
        RETURNING octet_length(s.memo) AS bytes
      ), planned AS (
        INSERT INTO executor_step (run_id, step_id) SELECT held.run_id, p.id FROM held, unnest($6::text[]) AS p(id)
        ON CONFLICT DO NOTHING RETURNING step_id
      ), jobs AS (
        INSERT INTO executor_job (run_id, fn_id, step_id, kind, due_at, eager, rank, key1, limit1, key2, limit2)
        SELECT run.id, run.fn_id, p.id, p.kind, p.due, p.eager, run.created_at,
          CASE p.kind WHEN 'call' THEN key1 END, limit1, CASE p.kind WHEN 'call' THEN key2 END, limit2
        FROM run, unnest($6::text[], $7::text[], $8::bigint[], $9::bool[]) AS p(id, kind, due, eager) JOIN planned ON planned.step_id = p.id
        RETURNING 1
      ), gone AS (
        DELETE FROM executor_job j USING held WHERE j.id = held.id AND $10 = 'done' AND held.step_id <> '${stepJob}' RETURNING 1
      ), state AS (
        UPDATE executor_run r SET pending = r.pending + (SELECT count(*) FROM jobs) - (SELECT count(*) FROM gone),
          step_count = r.step_count + (SELECT count(*) FROM memo), version = coalesce($13, r.version),
          state_bytes = r.state_bytes + (SELECT coalesce(sum(bytes), 0) FROM memo)
        FROM held WHERE r.id = held.run_id RETURNING r.pending, r.step_count, r.state_bytes
      ), own AS (
        UPDATE executor_job j SET token = NULL, lease_until = NULL, losses = 0, again = false,
          attempt = CASE WHEN $10 = 'retry' AND NOT j.again THEN j.attempt + 1 ELSE 0 END,
          due_at = CASE WHEN j.again OR $12 THEN $14::bigint WHEN $10 = 'retry' THEN $11::bigint END
        FROM held, state WHERE j.id = held.id AND ($10 = 'retry' OR ($10 = 'done' AND held.step_id = '${stepJob}'))
      ), next AS (
        UPDATE executor_job j SET due_at = $14::bigint, attempt = 0, again = j.token IS NOT NULL
        FROM held, state WHERE j.run_id = held.run_id AND j.step_id = '${stepJob}' AND held.step_id <> '${stepJob}'
          AND $10 = 'done' AND (state.pending = 0 OR held.eager)
      )
      SELECT step_count AS "stepCount", state_bytes::float8 AS "stateBytes" FROM state`

/** What becomes of the held job: keep it, try it again later, or it is done. */
export type After = { kind: 'hold' } | { kind: 'retry'; dueAt: number } | { kind: 'done'; discover: boolean }

/**
 * Stores what a job brought and says what becomes of it, in one statement.
 * Answers the run's totals, or nothing where the job is no longer this holder's.
 */
export async function settle(
  pool: Pool,
  job: { runId: string; id: string; token: string },
  change: { memos: Memo[]; plans: Plan[]; after: After; now: number; version?: number },
): Promise<Pick<Job, 'stepCount' | 'stateBytes'> | undefined> {
  const { memos, plans, after, now } = change
  const { rows } = await pool.query({
    name: 'executor-settle',
    text: settleSql,
    values: [
      job.runId,
      job.id,
      job.token,
      memos.map((memo) => memo.stepId),
      memos.map((memo) => memo.memo),
      plans.map((plan) => plan.stepId),
      plans.map((plan) => plan.kind),
      plans.map((plan) => plan.dueAt),
      plans.map((plan) => plan.eager),
      after.kind,
      after.kind === 'retry' ? after.dueAt : null,
      after.kind === 'done' && after.discover,
      change.version ?? null,
      now,
    ],
  })
  return rows[0]
}

/** Ends the run of a held job. False where the job is no longer this holder's. */
export async function finish(database: Database, job: Pick<Job, 'runId' | 'id' | 'token'>, status: string, result: string, now: number) {
  const { rowCount } = await database.query({
    name: 'executor-finish',
    text: `WITH run AS (SELECT id FROM executor_run WHERE id = $1 AND status = 'running' FOR UPDATE),
        held AS (SELECT j.id FROM executor_job j JOIN run ON run.id = j.run_id WHERE j.id = $2 AND j.token = $3 FOR UPDATE OF j),
        gone AS (DELETE FROM executor_job j USING held WHERE j.run_id = $1)
      UPDATE executor_run r SET status = $4, result = $5, ended_at = $6, pending = 0 FROM held WHERE r.id = $1`,
    values: [job.runId, job.id, job.token, status, result, now],
  })
  return rowCount === 1
}

/** Runs of these functions that have not ended, with their trigger as JSON. */
export async function runningRuns(database: Database, fnIds: string[]): Promise<{ id: string; fnId: string; event: string }[]> {
  const { rows } = await database.query({
    name: 'executor-running',
    text: `SELECT id, fn_id AS "fnId", event FROM executor_run WHERE status = 'running' AND fn_id = ANY($1)`,
    values: [fnIds],
  })
  return rows
}

/** Whether a run that an event started, or one that follows its end, has not ended. Events of ours carry the id of what they follow. */
export async function hasOpenRun(pool: Pool, eventId: string): Promise<boolean> {
  const { rows } = await pool.query(`SELECT 1 FROM executor_run WHERE status = 'running' AND strpos(event, $1) > 0 LIMIT 1`, [
    `"id":${JSON.stringify(eventId)}`,
  ])
  return rows.length > 0
}

/** Cancels runs; answers those that were still running. Belongs into a transaction: the first statement keeps others from adding jobs. */
export async function cancelRuns(client: PoolClient, ids: string[], now: number): Promise<string[]> {
  const { rows } = await client.query(
    `UPDATE executor_run SET status = 'cancelled', ended_at = $2, pending = 0
     WHERE id IN (SELECT id FROM executor_run WHERE id = ANY($1) AND status = 'running' ORDER BY id FOR UPDATE) RETURNING id`,
    [ids, now],
  )
  const cancelled = rows.map((row) => row.id)
  await client.query('DELETE FROM executor_job WHERE run_id = ANY($1)', [cancelled])
  return cancelled
}

/** Prolongs leases. Rows that another statement holds are skipped: a heartbeat must not wait. */
export async function prolong(pool: Pool, tokens: string[], leaseMs: number): Promise<void> {
  await pool.query({
    name: 'executor-prolong',
    text: `UPDATE executor_job SET lease_until = clock_timestamp() + $2 * interval '1 ms'
      WHERE id IN (SELECT id FROM executor_job WHERE token = ANY($1) AND lease_until IS NOT NULL FOR UPDATE SKIP LOCKED)`,
    values: [tokens, leaseMs],
  })
}

/** Gives jobs back, so that another process takes them at once. */
export async function giveBack(pool: Pool, tokens: string[]): Promise<void> {
  await pool.query('UPDATE executor_job SET token = NULL, lease_until = NULL WHERE token = ANY($1)', [tokens])
}

/** Deletes some of the runs that ended before `endedBefore`, with all that belongs to them. Answers how many. */
export async function sweep(pool: Pool, endedBefore: number): Promise<number> {
  const { rowCount } = await pool.query(
    'DELETE FROM executor_run WHERE id IN (SELECT id FROM executor_run WHERE ended_at < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)',
    [endedBefore],
  )
  return rowCount ?? 0
}
