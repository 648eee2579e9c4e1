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
