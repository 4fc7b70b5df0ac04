-- CreateIndex
CREATE INDEX "Stream_projectId_idx" ON "Stream"("projectId");
