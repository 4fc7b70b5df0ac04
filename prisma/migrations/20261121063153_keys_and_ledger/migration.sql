-- CreateEnum
CREATE TYPE "ResealState" AS ENUM ('RUNNING', 'DONE', 'FAILED', 'CANCELLED');

-- AlterTable
ALTER TABLE "Build" ADD COLUMN     "definitionSealed" BYTEA,
ADD COLUMN     "reasonSealed" BYTEA,
ADD COLUMN     "verdictSealed" BYTEA;

-- AlterTable
ALTER TABLE "DataKey" ADD COLUMN     "destroyedAt" TIMESTAMP(3),
ADD COLUMN     "masterId" TEXT,
ADD COLUMN     "retiredAt" TIMESTAMP(3),
ALTER COLUMN "projectId" DROP NOT NULL,
ALTER COLUMN "wrapped" DROP NOT NULL;

-- AlterTable
ALTER TABLE "Deployment" ADD COLUMN     "reasonSealed" BYTEA,
ADD COLUMN     "runSealed" BYTEA,
ALTER COLUMN "run" DROP NOT NULL;

-- AlterTable
ALTER TABLE "ModelCall" ADD COLUMN     "actorId" TEXT,
ADD COLUMN     "buildNumber" INTEGER,
ADD COLUMN     "bytes" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "failure" TEXT,
ADD COLUMN     "fileCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "files" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "keyId" TEXT,
ADD COLUMN     "redactionCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "redactions" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "sealedBytes" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "sha256" TEXT,
ADD COLUMN     "waits" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "withheld" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "withheldCount" INTEGER NOT NULL DEFAULT 0,
ALTER COLUMN "inputTokens" SET DEFAULT 0,
ALTER COLUMN "outputTokens" SET DEFAULT 0,
ALTER COLUMN "costMicros" SET DEFAULT 0,
ALTER COLUMN "status" SET DEFAULT 0,
ALTER COLUMN "durationMs" SET DEFAULT 0;

-- AlterTable
ALTER TABLE "Project" ADD COLUMN     "issueSealed" BYTEA,
ALTER COLUMN "issueBody" DROP NOT NULL;

-- AlterTable
ALTER TABLE "Service" ADD COLUMN     "reasonSealed" BYTEA;

-- AlterTable
ALTER TABLE "Stage" ADD COLUMN     "reasonSealed" BYTEA;

-- AlterTable
ALTER TABLE "Step" ADD COLUMN     "reasonSealed" BYTEA;

-- CreateTable
CREATE TABLE "AiSettings" (
    "projectId" TEXT NOT NULL,
    "stopAt" TEXT DEFAULT 'critical',
    "review" BOOLEAN NOT NULL DEFAULT true,
    "denyPaths" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AiSettings_pkey" PRIMARY KEY ("projectId")
);

-- CreateTable
CREATE TABLE "PlatformSecret" (
    "name" TEXT NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "masterId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PlatformSecret_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "KeyBackup" (
    "masterId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "KeyBackup_pkey" PRIMARY KEY ("masterId")
);

-- CreateTable
CREATE TABLE "Reseal" (
    "id" TEXT NOT NULL,
    "projectId" TEXT,
    "openFor" TEXT,
    "state" "ResealState" NOT NULL DEFAULT 'RUNNING',
    "reason" TEXT,
    "source" TEXT,
    "cursor" TEXT,
    "total" BIGINT NOT NULL DEFAULT 0,
    "done" BIGINT NOT NULL DEFAULT 0,
    "resealed" BIGINT NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "unreadable" BIGINT NOT NULL DEFAULT 0,
    "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeatAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "Reseal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Reseal_openFor_key" ON "Reseal"("openFor");

-- CreateIndex
CREATE INDEX "Reseal_projectId_startedAt_idx" ON "Reseal"("projectId", "startedAt");

-- CreateIndex
CREATE INDEX "Reseal_state_idx" ON "Reseal"("state");

-- CreateIndex
CREATE INDEX "DataKey_masterId_idx" ON "DataKey"("masterId");

-- CreateIndex
CREATE INDEX "ModelCall_actorId_idx" ON "ModelCall"("actorId");

-- AddForeignKey
ALTER TABLE "ModelCall" ADD CONSTRAINT "ModelCall_actorId_fkey" FOREIGN KEY ("actorId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AiSettings" ADD CONSTRAINT "AiSettings_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reseal" ADD CONSTRAINT "Reseal_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project"("id") ON DELETE CASCADE ON UPDATE CASCADE;
