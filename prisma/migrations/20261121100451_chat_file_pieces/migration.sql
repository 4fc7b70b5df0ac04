-- CreateTable
CREATE TABLE "ChatFilePiece" (
    "id" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "pack" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "objectKey" TEXT NOT NULL,
    "keyId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ChatFilePiece_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ChatFilePiece_objectKey_key" ON "ChatFilePiece"("objectKey");

-- CreateIndex
CREATE INDEX "ChatFilePiece_sessionId_pack_position_idx" ON "ChatFilePiece"("sessionId", "pack", "position");

-- CreateIndex
CREATE UNIQUE INDEX "ChatFilePiece_pack_position_key" ON "ChatFilePiece"("pack", "position");

-- AddForeignKey
ALTER TABLE "ChatFilePiece" ADD CONSTRAINT "ChatFilePiece_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "ChatSession"("id") ON DELETE CASCADE ON UPDATE CASCADE;
