-- CreateEnum
CREATE TYPE "users"."device_type" AS ENUM ('WEB', 'MOBILE', 'SMART');

-- CreateEnum
CREATE TYPE "users"."login_method" AS ENUM ('PASSWORD', 'REGISTRATION', 'YANDEX', 'GOOGLE', 'REFRESH');

-- CreateEnum
CREATE TYPE "users"."login_outcome" AS ENUM ('SUCCESS', 'WRONG_PASSWORD', 'BLOCKED', 'TOO_MANY_ATTEMPTS', 'REFRESH_TOKEN_REUSED');

-- CreateEnum
CREATE TYPE "users"."social_provider" AS ENUM ('YANDEX', 'GOOGLE');

-- CreateEnum
CREATE TYPE "users"."email_token_purpose" AS ENUM ('CONFIRM_EMAIL', 'RESET_PASSWORD');

-- DropIndex
DROP INDEX "users"."session_user_id_idx";

-- AlterTable
ALTER TABLE "users"."role" ADD COLUMN     "built_in" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "users"."session" ADD COLUMN     "address" INET,
ADD COLUMN     "device_name" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "device_type" "users"."device_type" NOT NULL DEFAULT 'WEB',
ADD COLUMN     "user_agent" TEXT;

-- AlterTable
ALTER TABLE "users"."refresh_token" ADD COLUMN     "successors" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "users"."signing_key" ADD COLUMN     "retires_at" TIMESTAMPTZ(3),
ADD COLUMN     "signs_from" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "users"."user" ADD COLUMN     "blocked_at" TIMESTAMPTZ(3),
ADD COLUMN     "blocked_reason" TEXT,
ADD COLUMN     "token_generation" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "verified_email" TEXT,
ALTER COLUMN "password_hash" DROP NOT NULL;

-- CreateTable
CREATE TABLE "users"."revocation" (
    "id" BIGSERIAL NOT NULL,
    "session_id" UUID,
    "user_id" UUID,
    "generation" INTEGER,
    "key_id" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "revocation_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "revocation_of_one" CHECK (
      num_nonnulls("session_id", "user_id", "key_id") = 1 AND ("user_id" IS NULL) = ("generation" IS NULL)
    )
);

-- Writers take turns before they take an id, so ids become visible in their order. Readers are woken at commit.
CREATE FUNCTION "users"."take_turns_to_revoke"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7265002);
  PERFORM pg_notify('users_revocation', '');
  RETURN NULL;
END $$;

CREATE TRIGGER "revocation_in_turn" BEFORE INSERT ON "users"."revocation"
  FOR EACH STATEMENT EXECUTE FUNCTION "users"."take_turns_to_revoke"();

-- CreateTable
CREATE TABLE "users"."login_attempt" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "user_id" UUID NOT NULL,
    "method" "users"."login_method" NOT NULL,
    "outcome" "users"."login_outcome" NOT NULL,
    "device_type" "users"."device_type" NOT NULL,
    "device_name" TEXT NOT NULL,
    "user_agent" TEXT,
    "address" INET,
    "session_id" UUID,

    CONSTRAINT "login_attempt_pkey" PRIMARY KEY ("at","id")
) PARTITION BY RANGE ("at");

-- Takes what comes in a month whose partition is missing, so that a late job costs no login.
CREATE TABLE "users"."login_attempt_default" PARTITION OF "users"."login_attempt" DEFAULT;

-- The partition of the month (of UTC) that begins on `month`; it takes over what the default partition has of that month.
-- False when it is there already. Attached and not made as a partition, because that stops no log-in.
CREATE FUNCTION "users"."add_login_attempt_partition"("month" date) RETURNS boolean LANGUAGE plpgsql
SET lock_timeout = '5s' AS $$
DECLARE
  "partition" CONSTANT text := to_char("month", '"login_attempt_"YYYY"_"MM');
  "from" CONSTANT timestamptz := "month"::timestamp AT TIME ZONE 'UTC';
  "to" CONSTANT timestamptz := ("month" + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  IF to_regclass(format('users.%I', "partition")) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE users.%I (LIKE users.login_attempt INCLUDING ALL)', "partition");
  -- a row that is to go to the default partition, and waits for it below, is refused when it is its turn: its month has a
  -- partition then. So it has to wait before it is told where to go. Of months that are over none comes.
  IF "to" > now() THEN
    LOCK TABLE ONLY "users"."login_attempt" IN SHARE ROW EXCLUSIVE MODE;
  END IF;
  -- what came between the move and the end would belong to the new partition and be in the old one
  LOCK TABLE "users"."login_attempt_default" IN ACCESS EXCLUSIVE MODE;
  EXECUTE format(
    'WITH moved AS (
       DELETE FROM users.login_attempt_default WHERE at >= $1 AND at < $2 RETURNING *
     )
     INSERT INTO users.%I SELECT * FROM moved', "partition")
    USING "from", "to";
  EXECUTE format(
    'ALTER TABLE users.login_attempt ATTACH PARTITION users.%I FOR VALUES FROM (%L) TO (%L)',
    "partition", "from", "to");
  RETURN true;
END $$;

-- Drops the partitions of months before `month`. How many there were.
CREATE FUNCTION "users"."drop_login_attempt_partitions"("month" date) RETURNS integer LANGUAGE plpgsql
SET lock_timeout = '5s' AS $$
DECLARE
  "partition" regclass;
  "dropped" integer := 0;
BEGIN
  FOR "partition" IN
    SELECT "oid" FROM pg_class
    WHERE "oid" IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'users.login_attempt'::regclass)
      AND "relname" < to_char("month", '"login_attempt_"YYYY"_"MM')
      AND "relname" ~ '^login_attempt_\d{4}_\d{2}$'
  LOOP
    EXECUTE format('DROP TABLE %s', "partition");
    "dropped" := "dropped" + 1;
  END LOOP;
  RETURN "dropped";
END $$;

-- CreateTable
CREATE TABLE "users"."social_account" (
    "provider" "users"."social_provider" NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "email" TEXT,
    "display_name" TEXT,
    "linked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "social_account_pkey" PRIMARY KEY ("provider","subject")
);

-- CreateTable
CREATE TABLE "users"."social_flow" (
    "state_hash" BYTEA NOT NULL,
    "flow_hash" BYTEA NOT NULL,
    "provider" "users"."social_provider" NOT NULL,
    "user_id" UUID,
    "code_verifier" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "social_flow_pkey" PRIMARY KEY ("state_hash")
);

-- CreateTable
CREATE TABLE "users"."social_link_offer" (
    "hash" BYTEA NOT NULL,
    "provider" "users"."social_provider" NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "email" TEXT,
    "display_name" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "social_link_offer_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "users"."email_token" (
    "hash" BYTEA NOT NULL,
    "user_id" UUID NOT NULL,
    "purpose" "users"."email_token_purpose" NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "email_token_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "revocation_expires_at_idx" ON "users"."revocation"("expires_at");

-- CreateIndex
CREATE INDEX "login_attempt_user_id_at_id_idx" ON "users"."login_attempt"("user_id", "at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "social_account_user_id_provider_key" ON "users"."social_account"("user_id", "provider");

-- CreateIndex
CREATE UNIQUE INDEX "social_flow_flow_hash_key" ON "users"."social_flow"("flow_hash");

-- CreateIndex
CREATE INDEX "social_flow_user_id_idx" ON "users"."social_flow"("user_id");

-- CreateIndex
CREATE INDEX "social_flow_expires_at_idx" ON "users"."social_flow"("expires_at");

-- CreateIndex
CREATE INDEX "social_link_offer_user_id_idx" ON "users"."social_link_offer"("user_id");

-- CreateIndex
CREATE INDEX "social_link_offer_expires_at_idx" ON "users"."social_link_offer"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "email_token_user_id_purpose_key" ON "users"."email_token"("user_id", "purpose");

-- CreateIndex
CREATE INDEX "email_token_expires_at_idx" ON "users"."email_token"("expires_at");

-- CreateIndex
CREATE INDEX "session_user_id_last_used_at_id_idx" ON "users"."session"("user_id", "last_used_at" DESC, "id");

-- CreateIndex
CREATE INDEX "session_last_used_at_idx" ON "users"."session"("last_used_at");

-- CreateIndex
CREATE INDEX "refresh_token_expires_at_idx" ON "users"."refresh_token"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "user_verified_email_key" ON "users"."user"("verified_email");

-- CreateIndex
CREATE INDEX "user_created_at_id_idx" ON "users"."user"("created_at", "id");

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Text as it is searched for: one case, no diacritics, and Cyrillic letters as Latin ones, one for one. Trigrams hold
-- letters only, and to a database of locale C nothing but ASCII is a letter. Most texts are ASCII, and then it is cheap.
CREATE FUNCTION "users"."fold"(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length($1) = char_length($1) THEN lower($1) ELSE translate(
  lower($1),
  'абвгдежзийклмнопрстуфхцчшщыэюяёґєії'
  || 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЭЮЯЁҐЄІЇЎў'
  || 'àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľłñńņňòóôõöøōŏőŕŗřśŝşšșţťŧțùúûüũūŭůűųŵýÿŷźżž'
  || 'ÀÁÂÃÄÅĀĂĄÇĆĈĊČĎĐÈÉÊËĒĔĖĘĚĜĞĠĢĤĦÌÍÎÏĨĪĬĮĴĶĹĻĽŁÑŃŅŇÒÓÔÕÖØŌŎŐŔŖŘŚŜŞŠȘŢŤŦȚÙÚÛÜŨŪŬŮŰŲŴÝŸŶŹŻŽ'
  || 'ъьЪЬ',
  'abvgdezziiklmnoprstufhccssyeuaegeii'
  || 'abvgdezziiklmnoprstufhccssyeuaegeiiuu'
  || 'aaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiiijkllllnnnnooooooooorrrsssssttttuuuuuuuuuuwyyyzzz'
  || 'aaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiijkllllnnnnooooooooorrrsssssttttuuuuuuuuuuwyyyzzz'
) END;

-- What a search of accounts looks through. The login comes first, so that a pattern can ask for its beginning.
CREATE FUNCTION "users"."account_text"("login" text, "email" text, "first_name" text, "last_name" text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower("login") || ' ' || "users"."fold"(coalesce("email", '')) || ' '
  || "users"."fold"(coalesce("first_name", '')) || ' ' || "users"."fold"(coalesce("last_name", ''));

-- CreateIndex
CREATE INDEX "user_text_idx" ON "users"."user"
  USING gin ("users"."account_text"("login", "email", "first_name", "last_name") gin_trgm_ops);

-- CreateIndex
CREATE INDEX "user_blocked_idx" ON "users"."user"("created_at", "id") WHERE "blocked_at" IS NOT NULL;

-- AddForeignKey
ALTER TABLE "users"."social_account" ADD CONSTRAINT "social_account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "users"."social_flow" ADD CONSTRAINT "social_flow_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "users"."social_link_offer" ADD CONSTRAINT "social_link_offer_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "users"."email_token" ADD CONSTRAINT "email_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

UPDATE "users"."role" SET "built_in" = true WHERE "name" IN ('user', 'subscriber', 'editor', 'admin');
