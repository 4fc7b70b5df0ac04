// The statements of the hot paths, written by hand: one round trip each.

/** Takes the next number and inserts, in one statement, so that no number is lost or given twice; nothing for a project that was given up. */
export const insertBuildSql = `WITH taken AS (UPDATE "Project" SET "lastBuild" = "lastBuild" + 1 WHERE id = $1 AND "deletedAt" IS NULL RETURNING "lastBuild")
       INSERT INTO "Build" (id, "projectId", number, kind, cause, "requestId", "definitionSealed", "budgetMicros", "streamId", "demoModel", "createdById", "queuedAt")
       SELECT $2, $1, "lastBuild", $3, $4, $5, $6::bytea, $7::bigint, $8, $9, $10, (now() AT TIME ZONE 'UTC') FROM taken RETURNING id AS "buildId", number`

const addStages = (from: string, stages: string) => `INSERT INTO "Stage" (id, "buildId", key, name, position, branch)
     SELECT s.id, b.id, s.key, s.name, s.position, s.branch
     FROM ${from} b, jsonb_to_recordset(${stages}::jsonb) AS s(id text, key text, name text, position int, branch text)`

/** Adds stages to a build that goes on. */
export const insertStagesSql = `${addStages('"Build"', '$3')}
     WHERE b.id = $2 AND b."projectId" = $1 AND b.status IN ('QUEUED', 'RUNNING') ON CONFLICT ("buildId", key) DO NOTHING`

/** Takes a build out of the queue and adds its stages. */
export const startBuildSql = `WITH started AS (
       UPDATE "Build" SET status = 'RUNNING', "startedAt" = $4::timestamp, executor = $5, "demoModel" = $6
       WHERE id = $2 AND "projectId" = $1 AND status = 'QUEUED' AND "abortRequested" IS NULL RETURNING id
     ), stages AS (${addStages('started', '$3')} ON CONFLICT ("buildId", key) DO NOTHING)
     SELECT id FROM started`

/** What a function that runs a build has to know of it. */
export const findBuildSql = `SELECT id, number, kind, status::text AS status, definition, "definitionSealed", "streamId", executor, "demoModel",
       "budgetMicros"::float8 AS "budgetMicros", "abortRequested" IS NOT NULL AS "abortRequested", "createdById", cause
     FROM "Build" WHERE id = $2 AND "projectId" = $1`

/** The statuses of a build's stages and of their steps. */
export const stagesSql = `SELECT s.key, s.status::text AS status,
       ARRAY(SELECT t.status::text FROM "Step" t WHERE t."stageId" = s.id) AS steps
     FROM "Stage" s JOIN "Build" b ON b.id = s."buildId" WHERE b.id = $2 AND b."projectId" = $1 ORDER BY s.position, s.key`

/** Why stages of a build ended as they did, those of which it is known, in the order of the graph. */
export const stageReasonsSql = `SELECT s.key, s.reason, s."reasonSealed" FROM "Stage" s JOIN "Build" b ON b.id = s."buildId"
     WHERE b.id = $2 AND b."projectId" = $1 AND (s.reason IS NOT NULL OR s."reasonSealed" IS NOT NULL) ORDER BY s.position, s.key`

/** Ends a stage that is open. */
export const endStageSql = `UPDATE "Stage" s SET status = $4::"BuildStatus", reason = NULL, "reasonSealed" = $5::bytea, "endedAt" = $6::timestamp
     FROM "Build" b WHERE b.id = s."buildId" AND b.id = $2 AND b."projectId" = $1 AND b.status = 'RUNNING'
       AND s.key = $3 AND s.status IN ('QUEUED', 'RUNNING') RETURNING b.number`

// A step's rows need not reach the disk before the next statement: the end of its stage does, and carries them along.
const quietly = `(SELECT set_config('synchronous_commit', 'off', true)) AS quiet`

/** Begins a step, or begins it again, and with it its stage. */
export const beginStepSql = `WITH place AS (
         SELECT s.id AS stage, b."streamId", b.executor FROM "Stage" s JOIN "Build" b ON b.id = s."buildId", ${quietly}
         WHERE b.id = $2 AND b."projectId" = $1 AND s.key = $3 AND b.status = 'RUNNING' AND b."abortRequested" IS NULL
       ), opened AS (
         UPDATE "Stage" SET status = 'RUNNING', "startedAt" = COALESCE("startedAt", $7::timestamp), "endedAt" = NULL,
           reason = NULL, "reasonSealed" = NULL
         WHERE id = (SELECT stage FROM place) AND status <> 'RUNNING'
       ), begun AS (
         INSERT INTO "Step" (id, "stageId", key, name, status, "startedAt")
         SELECT $4, place.stage, $5, $6, 'RUNNING', $7::timestamp FROM place
         ON CONFLICT ("stageId", key) DO UPDATE SET attempt = "Step".attempt + 1, status = 'RUNNING', name = excluded.name,
           "startedAt" = excluded."startedAt", "endedAt" = NULL, "exitCode" = NULL, reason = NULL, "reasonSealed" = NULL
         RETURNING id, attempt
       ) SELECT begun.id, begun.attempt, place."streamId", place.executor FROM begun, place`

/** Ends one attempt of a step that runs. */
export const endStepSql = `UPDATE "Step" t SET status = $4::"BuildStatus", "exitCode" = $5, reason = NULL, "reasonSealed" = $6::bytea, "endedAt" = $7::timestamp
       FROM "Stage" s JOIN "Build" b ON b.id = s."buildId", ${quietly}
       WHERE t.id = $2 AND t.attempt = $3 AND t.status = 'RUNNING' AND s.id = t."stageId" AND b."projectId" = $1`

/** Ends a build and all that is open in it. */
export const markEndedSql = `WITH ended AS (
       UPDATE "Build" SET status = $3::"BuildStatus", "reasonSealed" = $4::bytea, "verdictSealed" = $5::bytea, "endedAt" = $6::timestamp
       WHERE id = $2 AND "projectId" = $1 AND status IN ('QUEUED', 'RUNNING') RETURNING id
     ), stages AS (
       UPDATE "Stage" s SET status = (($7::jsonb) ->> s.key)::"BuildStatus",
         "endedAt" = CASE WHEN s."startedAt" IS NULL THEN NULL ELSE $6::timestamp END
       FROM ended WHERE s."buildId" = ended.id AND s.status IN ('QUEUED', 'RUNNING') AND ($7::jsonb) ? s.key
     ), steps AS (
       UPDATE "Step" t SET status = CASE WHEN t.status = 'RUNNING' THEN $8::"BuildStatus" ELSE 'NOT_BUILT' END,
         "endedAt" = CASE WHEN t."startedAt" IS NULL THEN NULL ELSE $6::timestamp END
       FROM ended JOIN "Stage" s ON s."buildId" = ended.id WHERE t."stageId" = s.id AND t.status IN ('QUEUED', 'RUNNING')
     ) SELECT id FROM ended`

/** Whether a build is over or to end, and how many of its steps run. */
export const abortStateSql = `SELECT b.status NOT IN ('QUEUED', 'RUNNING') AS over, b."abortRequested" IS NOT NULL AS requested,
         (SELECT count(*)::int FROM "Step" t JOIN "Stage" s ON s.id = t."stageId" WHERE s."buildId" = b.id AND t.status = 'RUNNING') AS running
       FROM "Build" b WHERE b.id = $2 AND b."projectId" = $1`

/** Marks a stage running. */
export const openStageSql = `UPDATE "Stage" s SET status = 'RUNNING', "startedAt" = COALESCE(s."startedAt", $4::timestamp), "endedAt" = NULL, reason = NULL, "reasonSealed" = NULL
     FROM "Build" b WHERE b.id = s."buildId" AND b.id = $2 AND b."projectId" = $1 AND s.key = $3
       AND b.status = 'RUNNING' AND b."abortRequested" IS NULL RETURNING b.number`

const newest = (condition: string) => `(SELECT b.id FROM "Build" b WHERE b."projectId" = p.id ${condition} ORDER BY b.number DESC LIMIT 1)`

/** Builds by the day on which they were asked for and by their status. */
export const buildsByDaySql = `SELECT to_char("queuedAt", 'YYYY-MM-DD') AS day, status::text AS status, count(*)::int AS count
     FROM "Build" WHERE "queuedAt" >= $1::timestamp GROUP BY 1, 2`

/** How many builds wait and run, and since when the first one waits. */
export const queueSql = `SELECT count(*) FILTER (WHERE status = 'QUEUED')::int AS queued, count(*) FILTER (WHERE status = 'RUNNING')::int AS running,
       to_char(min("queuedAt") FILTER (WHERE status = 'QUEUED'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "oldestQueuedAt"
     FROM "Build" WHERE status IN ('QUEUED', 'RUNNING')`

/** One row a project, each build found by its index however many there are; of the projects the newest that have the words, a bounded number. */
export const jobsSql = `SELECT p.id AS "projectId", p.slug, p.title, COALESCE(s.state::text, 'NEVER_DEPLOYED') AS state,
       ${newest('')} AS last, ${newest(`AND b.status = 'SUCCESS'`)} AS "lastSuccess", ${newest(`AND b.status = 'FAILURE'`)} AS "lastFailure",
       ARRAY(SELECT b.status::text FROM "Build" b WHERE b."projectId" = p.id AND b.status NOT IN ('QUEUED', 'RUNNING', 'NOT_BUILT')
         ORDER BY b.number DESC LIMIT 5) AS finished
     FROM (SELECT id, slug, title, "createdAt" FROM "Project" WHERE id = ANY($1) AND (slug ILIKE ALL($2::text[]) OR title ILIKE ALL($2::text[]))
       ORDER BY "createdAt" DESC, id LIMIT $3) p
     LEFT JOIN "Service" s ON s."projectId" = p.id ORDER BY p."createdAt" DESC, p.id`

/** The builds that the rows of that list name. The columns hold UTC without saying so. */
export const buildsOfJobsSql = `SELECT id, number, kind, status::text AS status, cause, "demoModel", executor,
       "queuedAt" AT TIME ZONE 'utc' AS "queuedAt", "startedAt" AT TIME ZONE 'utc' AS "startedAt", "endedAt" AT TIME ZONE 'utc' AS "endedAt"
     FROM "Build" WHERE "projectId" = ANY($1) AND id = ANY($2)`
