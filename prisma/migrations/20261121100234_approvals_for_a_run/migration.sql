-- AlterTable
ALTER TABLE "ToolApproval" ADD COLUMN     "always" BOOLEAN NOT NULL DEFAULT false;
