-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "people";

-- CreateEnum
CREATE TYPE "people"."credit_role" AS ENUM ('ACTOR', 'DIRECTOR', 'WRITER', 'PRODUCER', 'COMPOSER');

-- CreateTable
CREATE TABLE "people"."person" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "birth_date" DATE,
    "death_date" DATE,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "people"."person_translation" (
    "person_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "biography" TEXT,

    CONSTRAINT "person_translation_pkey" PRIMARY KEY ("person_id","language")
);

-- CreateTable
CREATE TABLE "people"."genre" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "genre_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "people"."genre_translation" (
    "genre_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,

    CONSTRAINT "genre_translation_pkey" PRIMARY KEY ("genre_id","language")
);

-- CreateTable
CREATE TABLE "people"."credit" (
    "id" UUID NOT NULL,
    "film_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "role" "people"."credit_role" NOT NULL,
    "character" TEXT,
    "billing_order" INTEGER NOT NULL,

    CONSTRAINT "credit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "people"."film_genre" (
    "film_id" UUID NOT NULL,
    "genre_id" UUID NOT NULL,
    "order" INTEGER NOT NULL,

    CONSTRAINT "film_genre_pkey" PRIMARY KEY ("film_id","genre_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "person_slug_key" ON "people"."person"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "genre_slug_key" ON "people"."genre"("slug");

-- CreateIndex
CREATE INDEX "credit_person_id_idx" ON "people"."credit"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_film_id_billing_order_key" ON "people"."credit"("film_id", "billing_order");

-- CreateIndex
CREATE INDEX "film_genre_genre_id_idx" ON "people"."film_genre"("genre_id");

-- AddForeignKey
ALTER TABLE "people"."person_translation" ADD CONSTRAINT "person_translation_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "people"."genre_translation" ADD CONSTRAINT "genre_translation_genre_id_fkey" FOREIGN KEY ("genre_id") REFERENCES "people"."genre"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "people"."credit" ADD CONSTRAINT "credit_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "people"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "people"."film_genre" ADD CONSTRAINT "film_genre_genre_id_fkey" FOREIGN KEY ("genre_id") REFERENCES "people"."genre"("id") ON DELETE CASCADE ON UPDATE CASCADE;
