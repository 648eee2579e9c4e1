-- CreateIndex
CREATE INDEX "session_last_used_at_idx" ON "users"."session"("last_used_at");

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
