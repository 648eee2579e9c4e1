-- CreateTable
CREATE TABLE "films"."hidden_recommendation" (
    "user_id" UUID NOT NULL,
    "film_id" UUID NOT NULL,
    "hidden_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "hidden_recommendation_pkey" PRIMARY KEY ("user_id","film_id")
);

-- CreateIndex
CREATE INDEX "hidden_recommendation_user_id_hidden_at_film_id_idx" ON "films"."hidden_recommendation"("user_id", "hidden_at" DESC, "film_id" DESC);

-- CreateIndex
CREATE INDEX "hidden_recommendation_film_id_idx" ON "films"."hidden_recommendation"("film_id");

-- AddForeignKey
ALTER TABLE "films"."hidden_recommendation" ADD CONSTRAINT "hidden_recommendation_film_id_fkey" FOREIGN KEY ("film_id") REFERENCES "films"."film"("id") ON DELETE CASCADE ON UPDATE CASCADE;
