-- AlterTable
ALTER TABLE "ChatMessage" ADD COLUMN     "demo" BOOLEAN NOT NULL DEFAULT false;
