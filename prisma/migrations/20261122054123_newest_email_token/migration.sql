-- DropIndex
DROP INDEX "users"."email_token_user_id_purpose_idx";

-- Of several tokens of a purpose the newest counts.
DELETE FROM "users"."email_token" AS older USING "users"."email_token" AS newer
WHERE newer."user_id" = older."user_id" AND newer."purpose" = older."purpose"
  AND (newer."created_at", newer."hash") > (older."created_at", older."hash");

-- CreateIndex
CREATE UNIQUE INDEX "email_token_user_id_purpose_key" ON "users"."email_token"("user_id", "purpose");
