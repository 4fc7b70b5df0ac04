-- DropForeignKey
ALTER TABLE "ChatSession" DROP CONSTRAINT "ChatSession_ownerId_fkey";
