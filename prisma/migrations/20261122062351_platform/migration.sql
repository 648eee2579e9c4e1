-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "platform";

-- CreateTable
CREATE TABLE "platform"."log_partition" (
    "id" SERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "partition" INTEGER NOT NULL,
    "first_offset" BIGINT NOT NULL DEFAULT 0,
    "next_offset" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "log_partition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."log_record" (
    "partition_id" INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "headers" JSON NOT NULL,
    "value" TEXT NOT NULL,
    "appended_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "log_record_pkey" PRIMARY KEY ("partition_id","offset")
);

-- CreateTable
CREATE TABLE "platform"."log_cursor" (
    "group_name" TEXT NOT NULL,
    "partition_id" INTEGER NOT NULL,
    "committed" BIGINT NOT NULL,
    "consumer_id" UUID,
    "leased_until" TIMESTAMPTZ(3),
    "epoch" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "log_cursor_pkey" PRIMARY KEY ("group_name","partition_id")
);

-- CreateTable
CREATE TABLE "platform"."log_consumer" (
    "group_name" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "topics" TEXT[],
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "log_consumer_pkey" PRIMARY KEY ("group_name","id")
);

-- CreateTable
CREATE TABLE "platform"."outbox" (
    "id" BIGSERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "headers" JSON NOT NULL,
    "value" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."outbox_aside" (
    "id" BIGINT NOT NULL,
    "topic" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "headers" JSON NOT NULL,
    "value" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "problem" TEXT NOT NULL,

    CONSTRAINT "outbox_aside_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "log_partition_topic_partition_key" ON "platform"."log_partition"("topic", "partition");

-- CreateIndex
CREATE INDEX "outbox_aside_topic_key_idx" ON "platform"."outbox_aside"("topic", "key");

-- These rows are updated all the time: room on their page keeps the updates there.
ALTER TABLE "platform"."log_partition" SET (fillfactor = 50);
ALTER TABLE "platform"."log_cursor" SET (fillfactor = 50);
ALTER TABLE "platform"."log_consumer" SET (fillfactor = 50);

-- Appends records, one per place of the arrays: `partitions` are ids, `places` count from 0 within each partition. Writers of a
-- partition take turns until they commit, so offsets have no gaps and become visible in their order. Says `id:next_offset,…` on
-- the channel platform_log.
CREATE FUNCTION "platform"."append_to_log"(
  "partitions" integer[], "places" integer[], "ids" uuid[], "keys" text[], "all_headers" json[], "values" text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  "news" text;
BEGIN
  -- in one order everywhere, or two writers wait for each other
  PERFORM pg_advisory_xact_lock(7265, "turn"."id")
    FROM (SELECT DISTINCT unnest("partitions") AS "id" ORDER BY 1) AS "turn";
  WITH "added" AS (
    SELECT "partition_id", count(*) AS "count" FROM unnest("partitions") AS "partition_id" GROUP BY 1
  ), "head" AS (
    UPDATE "platform"."log_partition" SET "next_offset" = "next_offset" + "added"."count"
    FROM "added" WHERE "id" = "added"."partition_id"
    RETURNING "id", "next_offset", "next_offset" - "added"."count" AS "base"
  ), "record" AS (
    INSERT INTO "platform"."log_record" ("partition_id", "offset", "id", "key", "headers", "value", "appended_at")
    SELECT "head"."id", "head"."base" + "given"."place", "given"."id", "given"."key", "given"."headers", "given"."value",
      clock_timestamp()
    FROM unnest("partitions", "places", "ids", "keys", "all_headers", "values")
      AS "given" ("partition_id", "place", "id", "key", "headers", "value")
    JOIN "head" ON "head"."id" = "given"."partition_id"
  )
  SELECT string_agg("id" || ':' || "next_offset", ',') INTO "news" FROM "head";
  PERFORM pg_notify('platform_log', "news");
END $$;

-- The first offset of the partition whose record came at `time` or later; that of the next record when there is none.
CREATE FUNCTION "platform"."log_offset_at"("of" integer, "time" timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  "low" bigint;
  "high" bigint;
  "middle" bigint;
BEGIN
  SELECT "first_offset", "next_offset" INTO "low", "high" FROM "platform"."log_partition" WHERE "id" = "of";
  WHILE "low" < "high" LOOP
    "middle" := ("low" + "high") / 2;
    IF EXISTS (
      SELECT FROM "platform"."log_record"
      WHERE "partition_id" = "of" AND "offset" = "middle" AND "appended_at" >= "time"
    ) THEN
      "high" := "middle";
    ELSE
      "low" := "middle" + 1;
    END IF;
  END LOOP;
  RETURN "low";
END $$;

-- Workers that relay the outbox are woken at commit.
CREATE FUNCTION "platform"."tell_of_outbox"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('platform_outbox', '');
  RETURN NULL;
END $$;

CREATE TRIGGER "outbox_news" AFTER INSERT ON "platform"."outbox"
  FOR EACH STATEMENT EXECUTE FUNCTION "platform"."tell_of_outbox"();
