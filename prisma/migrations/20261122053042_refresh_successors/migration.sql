-- AlterTable
ALTER TABLE "users"."refresh_token" ADD COLUMN     "successors" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "refresh_token_expires_at_idx" ON "users"."refresh_token"("expires_at");
