-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "films";

-- CreateEnum
CREATE TYPE "films"."film_type" AS ENUM ('MOVIE', 'TV_SHOW');

-- CreateEnum
CREATE TYPE "films"."film_status" AS ENUM ('DRAFT', 'PUBLISHED', 'ARCHIVED');

-- CreateTable
CREATE TABLE "films"."film" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "type" "films"."film_type" NOT NULL,
    "status" "films"."film_status" NOT NULL DEFAULT 'DRAFT',
    "original_title" TEXT NOT NULL,
    "original_language" TEXT NOT NULL,
    "release_date" DATE,
    "release_year" INTEGER,
    "runtime_minutes" INTEGER,
    "age_rating" INTEGER NOT NULL,
    "countries" TEXT[],
    "external_rating" DOUBLE PRECISION,
    "credits_start_sec" INTEGER,
    "required_role" TEXT,
    "hidden_without_role" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "film_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "films"."film_translation" (
    "film_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT,
    "tagline" TEXT,

    CONSTRAINT "film_translation_pkey" PRIMARY KEY ("film_id","language")
);

-- CreateIndex
CREATE UNIQUE INDEX "film_slug_key" ON "films"."film"("slug");

-- AddForeignKey
ALTER TABLE "films"."film_translation" ADD CONSTRAINT "film_translation_film_id_fkey" FOREIGN KEY ("film_id") REFERENCES "films"."film"("id") ON DELETE CASCADE ON UPDATE CASCADE;
