-- AlterTable
ALTER TABLE "Mail" ADD COLUMN     "claimedUntil" TIMESTAMP(3);
