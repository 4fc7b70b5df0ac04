-- CreateEnum
CREATE TYPE "AgentStatus" AS ENUM ('DRAFT', 'ACTIVE', 'PAUSED', 'ERROR');

-- CreateEnum
CREATE TYPE "AgentSharing" AS ENUM ('PRIVATE', 'PROJECT', 'ALL');

-- CreateEnum
CREATE TYPE "ChatStatus" AS ENUM ('ACTIVE', 'INACTIVE', 'CLOSED');

-- CreateEnum
CREATE TYPE "DocumentState" AS ENUM ('READING', 'READY', 'FAILED');

-- CreateEnum
CREATE TYPE "RunState" AS ENUM ('QUEUED', 'RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED', 'STOPPED');

-- CreateEnum
CREATE TYPE "ApprovalState" AS ENUM ('WAITING', 'ALLOWED', 'DENIED', 'EXPIRED');

-- DropIndex
DROP INDEX "ModelCall_actorId_idx";

-- AlterTable
ALTER TABLE "ModelCall" ADD COLUMN     "sessionId" TEXT;

-- AlterTable
ALTER TABLE "Project" ADD COLUMN     "personalOf" TEXT;

-- CreateTable
CREATE TABLE "Agent" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "status" "AgentStatus" NOT NULL DEFAULT 'DRAFT',
    "statusReason" TEXT,
    "model" TEXT NOT NULL,
    "engine" TEXT NOT NULL DEFAULT 'messages',
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "avatar" TEXT NOT NULL DEFAULT '',
    "sharing" "AgentSharing" NOT NULL DEFAULT 'PRIVATE',
    "projectId" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "sealed" BYTEA NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "runs" INTEGER NOT NULL DEFAULT 0,
    "succeeded" INTEGER NOT NULL DEFAULT 0,
    "tokens" BIGINT NOT NULL DEFAULT 0,
    "costMicros" BIGINT NOT NULL DEFAULT 0,
    "lastRunAt" TIMESTAMP(3),
    "archivedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Agent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AgentVersion" (
    "id" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "sealed" BYTEA NOT NULL,
    "authorId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AgentVersion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ChatSession" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "spaceId" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "agentId" TEXT,
    "status" "ChatStatus" NOT NULL DEFAULT 'ACTIVE',
    "titleSealed" BYTEA,
    "titled" BOOLEAN NOT NULL DEFAULT false,
    "leafId" TEXT,
    "unread" BOOLEAN NOT NULL DEFAULT false,
    "pinnedAt" TIMESTAMP(3),
    "archivedAt" TIMESTAMP(3),
    "closedAt" TIMESTAMP(3),
    "lastActiveAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "shareHash" TEXT,
    "sharedAt" TIMESTAMP(3),
    "filesKey" TEXT,
    "filesKeyId" TEXT,
    "filesBytes" BIGINT NOT NULL DEFAULT 0,
    "inputTokens" BIGINT NOT NULL DEFAULT 0,
    "outputTokens" BIGINT NOT NULL DEFAULT 0,
    "costMicros" BIGINT NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ChatSession_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ChatMessage" (
    "id" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "parentId" TEXT,
    "role" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "agentId" TEXT,
    "agentName" TEXT,
    "model" TEXT,
    "state" TEXT NOT NULL DEFAULT 'done',
    "inputTokens" INTEGER NOT NULL DEFAULT 0,
    "outputTokens" INTEGER NOT NULL DEFAULT 0,
    "cacheTokens" INTEGER NOT NULL DEFAULT 0,
    "contextTokens" INTEGER NOT NULL DEFAULT 0,
    "costMicros" BIGINT NOT NULL DEFAULT 0,
    "durationMs" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ChatMessage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ChatAttachment" (
    "id" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mediaType" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "objectKey" TEXT NOT NULL,
    "keyId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ChatAttachment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MemoryDocument" (
    "id" TEXT NOT NULL,
    "agentId" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mediaType" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "objectKey" TEXT NOT NULL,
    "keyId" TEXT,
    "state" "DocumentState" NOT NULL DEFAULT 'READING',
    "reason" TEXT,
    "chunks" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "MemoryDocument_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MemoryChunk" (
    "id" TEXT NOT NULL,
    "documentId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "page" INTEGER,
    "sealed" BYTEA NOT NULL,
    "terms" tsvector NOT NULL,

    CONSTRAINT "MemoryChunk_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ChatRun" (
    "id" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "agentId" TEXT,
    "agentVersion" INTEGER,
    "engine" TEXT NOT NULL DEFAULT 'messages',
    "state" "RunState" NOT NULL DEFAULT 'QUEUED',
    "node" TEXT,
    "heartbeatAt" TIMESTAMP(3),
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "stopAskedAt" TIMESTAMP(3),
    "streamId" TEXT NOT NULL,
    "failure" TEXT,
    "failureSealed" BYTEA,
    "inputTokens" INTEGER NOT NULL DEFAULT 0,
    "outputTokens" INTEGER NOT NULL DEFAULT 0,
    "costMicros" BIGINT NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "ChatRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ToolApproval" (
    "id" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "state" "ApprovalState" NOT NULL DEFAULT 'WAITING',
    "decidedById" TEXT,
    "askedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decidedAt" TIMESTAMP(3),
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ToolApproval_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Agent_requestId_key" ON "Agent"("requestId");

-- CreateIndex
CREATE INDEX "Agent_ownerId_archivedAt_updatedAt_idx" ON "Agent"("ownerId", "archivedAt", "updatedAt");

-- CreateIndex
CREATE INDEX "Agent_sharing_idx" ON "Agent"("sharing");

-- CreateIndex
CREATE INDEX "Agent_projectId_idx" ON "Agent"("projectId");

-- CreateIndex
CREATE INDEX "Agent_tags_idx" ON "Agent" USING GIN ("tags");

-- CreateIndex
CREATE UNIQUE INDEX "AgentVersion_agentId_number_key" ON "AgentVersion"("agentId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "ChatSession_requestId_key" ON "ChatSession"("requestId");

-- CreateIndex
CREATE UNIQUE INDEX "ChatSession_shareHash_key" ON "ChatSession"("shareHash");

-- CreateIndex
CREATE INDEX "ChatSession_ownerId_archivedAt_lastActiveAt_idx" ON "ChatSession"("ownerId", "archivedAt", "lastActiveAt");

-- CreateIndex
CREATE INDEX "ChatSession_status_lastActiveAt_idx" ON "ChatSession"("status", "lastActiveAt");

-- CreateIndex
CREATE INDEX "ChatSession_agentId_idx" ON "ChatSession"("agentId");

-- CreateIndex
CREATE INDEX "ChatMessage_sessionId_createdAt_id_idx" ON "ChatMessage"("sessionId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ChatAttachment_objectKey_key" ON "ChatAttachment"("objectKey");

-- CreateIndex
CREATE INDEX "ChatAttachment_sessionId_createdAt_idx" ON "ChatAttachment"("sessionId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "MemoryDocument_requestId_key" ON "MemoryDocument"("requestId");

-- CreateIndex
CREATE UNIQUE INDEX "MemoryDocument_objectKey_key" ON "MemoryDocument"("objectKey");

-- CreateIndex
CREATE INDEX "MemoryDocument_agentId_createdAt_idx" ON "MemoryDocument"("agentId", "createdAt");

-- CreateIndex
CREATE INDEX "MemoryChunk_terms_idx" ON "MemoryChunk" USING GIN ("terms");

-- CreateIndex
CREATE UNIQUE INDEX "MemoryChunk_documentId_ordinal_key" ON "MemoryChunk"("documentId", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "ChatRun_messageId_key" ON "ChatRun"("messageId");

-- CreateIndex
CREATE UNIQUE INDEX "ChatRun_requestId_key" ON "ChatRun"("requestId");

-- CreateIndex
CREATE INDEX "ChatRun_state_heartbeatAt_idx" ON "ChatRun"("state", "heartbeatAt");

-- CreateIndex
CREATE INDEX "ChatRun_sessionId_createdAt_idx" ON "ChatRun"("sessionId", "createdAt");

-- CreateIndex
CREATE INDEX "ChatRun_agentId_endedAt_idx" ON "ChatRun"("agentId", "endedAt");

-- CreateIndex
CREATE INDEX "ChatRun_ownerId_endedAt_idx" ON "ChatRun"("ownerId", "endedAt");

-- CreateIndex
CREATE INDEX "ToolApproval_ownerId_state_askedAt_idx" ON "ToolApproval"("ownerId", "state", "askedAt");

-- CreateIndex
CREATE INDEX "ToolApproval_state_expiresAt_idx" ON "ToolApproval"("state", "expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "ToolApproval_runId_callId_key" ON "ToolApproval"("runId", "callId");

-- CreateIndex
CREATE INDEX "ModelCall_actorId_startedAt_idx" ON "ModelCall"("actorId", "startedAt");

-- CreateIndex
CREATE INDEX "ModelCall_sessionId_idx" ON "ModelCall"("sessionId");

-- CreateIndex
CREATE UNIQUE INDEX "Project_personalOf_key" ON "Project"("personalOf");

-- AddForeignKey
ALTER TABLE "Agent" ADD CONSTRAINT "Agent_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Agent" ADD CONSTRAINT "Agent_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AgentVersion" ADD CONSTRAINT "AgentVersion_agentId_fkey" FOREIGN KEY ("agentId") REFERENCES "Agent"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChatSession" ADD CONSTRAINT "ChatSession_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChatSession" ADD CONSTRAINT "ChatSession_spaceId_fkey" FOREIGN KEY ("spaceId") REFERENCES "Project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChatMessage" ADD CONSTRAINT "ChatMessage_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "ChatSession"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChatAttachment" ADD CONSTRAINT "ChatAttachment_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "ChatSession"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MemoryDocument" ADD CONSTRAINT "MemoryDocument_agentId_fkey" FOREIGN KEY ("agentId") REFERENCES "Agent"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MemoryChunk" ADD CONSTRAINT "MemoryChunk_documentId_fkey" FOREIGN KEY ("documentId") REFERENCES "MemoryDocument"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChatRun" ADD CONSTRAINT "ChatRun_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "ChatSession"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChatRun" ADD CONSTRAINT "ChatRun_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "ChatMessage"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ToolApproval" ADD CONSTRAINT "ToolApproval_runId_fkey" FOREIGN KEY ("runId") REFERENCES "ChatRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;
