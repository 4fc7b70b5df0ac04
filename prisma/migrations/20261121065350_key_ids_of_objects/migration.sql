-- AlterTable
ALTER TABLE "Artifact" ADD COLUMN     "keyId" TEXT;

-- AlterTable
ALTER TABLE "Feedback" ADD COLUMN     "keyId" TEXT;
