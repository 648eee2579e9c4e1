-- CreateIndex
CREATE INDEX "credit_film_id_role_billing_order_idx" ON "people"."credit"("film_id", "role", "billing_order");

-- What owners show to the index: seasons without the specials, which are number 0; whom an actor plays

CREATE OR REPLACE VIEW "films"."indexed_film" AS
SELECT "id", "audience", "status"::text AS "status", "type"::text AS "type", "original_title", "release_date"::text AS "release_date", "release_year",
  "age_rating", "countries", "external_rating",
  coalesce("texts"."title", '{}') AS "title", coalesce("texts"."description", '{}') AS "description",
  CASE "type" WHEN 'TV_SHOW' THEN (
    SELECT count(*)::int FROM "films"."season" WHERE "film_id" = "film"."id" AND "number" > 0
  ) END AS "seasons"
FROM "films"."film"
LEFT JOIN LATERAL (
  SELECT jsonb_object_agg("language", "title") AS "title",
    jsonb_object_agg("language", "description") FILTER (WHERE "description" IS NOT NULL) AS "description"
  FROM "films"."film_translation" WHERE "film_id" = "film"."id"
) AS "texts" ON true
WHERE "deleted_at" IS NULL;

CREATE OR REPLACE VIEW "people"."indexed_credit" AS
SELECT "film_id", "billing_order" AS "place", "indexed_person"."id" AS "person_id", "role"::text AS "role", "indexed_person"."name", "character"
FROM "people"."credit" JOIN "people"."indexed_person" ON "indexed_person"."id" = "person_id";
