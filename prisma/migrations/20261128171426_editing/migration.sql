-- CreateEnum
CREATE TYPE "people"."audited_kind" AS ENUM ('PERSON', 'GENRE', 'FILM_LINKS');

-- AlterEnum
ALTER TYPE "films"."film_status" ADD VALUE 'SCHEDULED' BEFORE 'PUBLISHED';

-- AlterTable
ALTER TABLE "films"."film" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "publish_at" TIMESTAMPTZ(3),
ADD COLUMN     "trailer_url" TEXT;

-- Who may see a film: decided here and nowhere else, so no writer can forget it. Where the fields contradict each other (hidden
-- without a role, but no role is named), only editors see the film. Nobody belongs to the audience `nobody`.
ALTER TABLE "films"."film" ADD COLUMN "audience" TEXT NOT NULL GENERATED ALWAYS AS (
  CASE
    WHEN "deleted_at" IS NOT NULL THEN 'nobody'
    WHEN "status" <> 'PUBLISHED' THEN 'editors'
    WHEN NOT "hidden_without_role" THEN 'everyone'
    WHEN "required_role" IS NULL THEN 'editors'
    ELSE 'role:' || "required_role"
  END
) STORED;

-- as text: a new value of an enum cannot be used in the transaction that adds it
ALTER TABLE "films"."film" ADD CONSTRAINT "film_publish_at_check"
  CHECK (("status"::text = 'SCHEDULED') = ("publish_at" IS NOT NULL));

-- AlterTable
ALTER TABLE "people"."genre" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "people"."person" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "films"."film_external_id" (
    "film_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "film_external_id_pkey" PRIMARY KEY ("film_id","source")
);

-- CreateTable
CREATE TABLE "films"."season" (
    "id" UUID NOT NULL,
    "film_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "release_date" DATE,

    CONSTRAINT "season_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "films"."season_translation" (
    "season_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT,

    CONSTRAINT "season_translation_pkey" PRIMARY KEY ("season_id","language")
);

-- CreateTable
CREATE TABLE "films"."episode" (
    "id" UUID NOT NULL,
    "season_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "release_date" DATE,
    "runtime_minutes" INTEGER,
    "credits_start_sec" INTEGER,

    CONSTRAINT "episode_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "films"."episode_translation" (
    "episode_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT,

    CONSTRAINT "episode_translation_pkey" PRIMARY KEY ("episode_id","language")
);

-- CreateTable
CREATE TABLE "films"."film_audit" (
    "film_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "user_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changes" JSONB NOT NULL,

    CONSTRAINT "film_audit_pkey" PRIMARY KEY ("film_id","version")
);

-- CreateTable
CREATE TABLE "people"."person_redirect" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "person_id" UUID NOT NULL,

    CONSTRAINT "person_redirect_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "people"."film_links" (
    "film_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "film_links_pkey" PRIMARY KEY ("film_id")
);

-- CreateTable
CREATE TABLE "people"."people_audit" (
    "kind" "people"."audited_kind" NOT NULL,
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "user_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changes" JSONB NOT NULL,

    CONSTRAINT "people_audit_pkey" PRIMARY KEY ("kind","id","version")
);

-- DropIndex
DROP INDEX "people"."credit_person_id_idx";

-- DropIndex
DROP INDEX "people"."film_genre_genre_id_idx";

-- CreateIndex
CREATE INDEX "credit_person_id_film_id_idx" ON "people"."credit"("person_id", "film_id");

-- CreateIndex
CREATE INDEX "film_genre_genre_id_film_id_idx" ON "people"."film_genre"("genre_id", "film_id");

-- CreateIndex
CREATE UNIQUE INDEX "film_external_id_source_value_key" ON "films"."film_external_id"("source", "value");

-- CreateIndex
CREATE UNIQUE INDEX "season_film_id_number_key" ON "films"."season"("film_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "episode_season_id_number_key" ON "films"."episode"("season_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "person_redirect_slug_key" ON "people"."person_redirect"("slug");

-- CreateIndex
CREATE INDEX "person_redirect_person_id_idx" ON "people"."person_redirect"("person_id");

-- CreateIndex
CREATE INDEX "film_publish_at_idx" ON "films"."film"("publish_at");

-- CreateIndex
CREATE INDEX "film_hidden_without_role_required_role_idx" ON "films"."film"("hidden_without_role", "required_role");

-- CreateIndex
CREATE INDEX "film_deleted_at_id_idx" ON "films"."film"("deleted_at", "id");

-- AddForeignKey
ALTER TABLE "films"."film_external_id" ADD CONSTRAINT "film_external_id_film_id_fkey" FOREIGN KEY ("film_id") REFERENCES "films"."film"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "films"."season" ADD CONSTRAINT "season_film_id_fkey" FOREIGN KEY ("film_id") REFERENCES "films"."film"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "films"."season_translation" ADD CONSTRAINT "season_translation_season_id_fkey" FOREIGN KEY ("season_id") REFERENCES "films"."season"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "films"."episode" ADD CONSTRAINT "episode_season_id_fkey" FOREIGN KEY ("season_id") REFERENCES "films"."season"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "films"."episode_translation" ADD CONSTRAINT "episode_translation_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "films"."episode"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "people"."person_redirect" ADD CONSTRAINT "person_redirect_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What owners show to others: the search index is made of these views. A film that is deleted is in none of them.

CREATE VIEW "films"."known_film" AS
SELECT "id" FROM "films"."film" WHERE "deleted_at" IS NULL;

CREATE VIEW "films"."indexed_film" AS
SELECT "id", "audience", "status"::text AS "status", "type"::text AS "type", "original_title", "release_date"::text AS "release_date", "release_year",
  "age_rating", "countries", "external_rating",
  coalesce("texts"."title", '{}') AS "title", coalesce("texts"."description", '{}') AS "description"
FROM "films"."film"
LEFT JOIN LATERAL (
  SELECT jsonb_object_agg("language", "title") AS "title",
    jsonb_object_agg("language", "description") FILTER (WHERE "description" IS NOT NULL) AS "description"
  FROM "films"."film_translation" WHERE "film_id" = "film"."id"
) AS "texts" ON true
WHERE "deleted_at" IS NULL;

CREATE VIEW "people"."indexed_person" AS
SELECT "id", "birth_date"::text AS "birth_date", coalesce((
  SELECT jsonb_object_agg("language", "name") FROM "people"."person_translation" WHERE "person_id" = "person"."id"
), '{}') AS "name"
FROM "people"."person";

CREATE VIEW "people"."indexed_genre" AS
SELECT "id", "slug", coalesce((
  SELECT jsonb_object_agg("language", "name") FROM "people"."genre_translation" WHERE "genre_id" = "genre"."id"
), '{}') AS "name"
FROM "people"."genre";

-- `place` orders the genres of a film, and its credits
CREATE VIEW "people"."indexed_film_genre" AS
SELECT "film_id", "order" AS "place", "indexed_genre"."id" AS "genre_id", "indexed_genre"."name"
FROM "people"."film_genre" JOIN "people"."indexed_genre" ON "indexed_genre"."id" = "genre_id";

CREATE VIEW "people"."indexed_credit" AS
SELECT "film_id", "billing_order" AS "place", "indexed_person"."id" AS "person_id", "role"::text AS "role", "indexed_person"."name"
FROM "people"."credit" JOIN "people"."indexed_person" ON "indexed_person"."id" = "person_id";
