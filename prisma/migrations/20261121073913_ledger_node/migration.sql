-- AlterTable
ALTER TABLE "ModelCall" ADD COLUMN     "node" TEXT;
