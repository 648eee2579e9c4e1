-- The ids are fixed, so that every installation has the same ones.
INSERT INTO "users"."role" ("id", "name", "description", "permissions") VALUES
  ('01900000-0000-7000-8000-000000000001', 'user', 'Everyone who registers.', '{}'),
  ('01900000-0000-7000-8000-000000000002', 'subscriber', 'May see and play what is for subscribers only.', '{}'),
  ('01900000-0000-7000-8000-000000000003', 'editor', 'Keeps the catalogue: films, persons and genres.',
    '{films:write,films:read-hidden,people:write}'),
  ('01900000-0000-7000-8000-000000000004', 'admin', 'Keeps the catalogue, accounts and roles.',
    '{films:write,films:read-hidden,people:write,users:read,users:write,roles:write}');
