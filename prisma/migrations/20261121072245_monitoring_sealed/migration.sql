-- AlterTable
ALTER TABLE "Deployment" ADD COLUMN     "monitoringSealed" BYTEA;
