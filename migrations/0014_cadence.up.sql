-- When an area meets (R52-R54): the series of its meetings, what was moved, and the
-- calendars that people keep elsewhere.

CREATE TABLE meeting_series (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area_id bigint NOT NULL REFERENCES area,
  kind    text NOT NULL CHECK (kind IN ('referral and operational', 'practitioners')),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON meeting_series (area_id);
CALL append_only('meeting_series');

-- What a series is from a day on. The latest version is the current one; a change
-- adds another.
CREATE TABLE meeting_series_terms (
  series_id bigint NOT NULL REFERENCES meeting_series,
  version   bigint NOT NULL CHECK (version >= 1),
  every     text NOT NULL CHECK (every IN ('month by weekday', 'month by day', 'weeks')),
  nth       smallint CHECK (nth BETWEEN 1 AND 5),       -- of the weekday in the month; 5 is the last
  weekday   smallint CHECK (weekday BETWEEN 1 AND 5),   -- Monday to Friday
  month_day smallint CHECK (month_day BETWEEN 1 AND 31),
  weeks     smallint CHECK (weeks BETWEEN 1 AND 8),
  from_on   date NOT NULL,
  starts    text NOT NULL CHECK (starts ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  place     text NOT NULL CHECK (place <> ''),
  chair_id  bigint NOT NULL REFERENCES account,
  joint_chair_id bigint REFERENCES account CHECK (joint_chair_id <> chair_id), -- R55
  reason    text NOT NULL DEFAULT '',                   -- of the change
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account,
  PRIMARY KEY (series_id, version),
  CHECK ((every = 'month by weekday') = (nth IS NOT NULL)),
  CHECK ((every = 'month by day') = (month_day IS NOT NULL)),
  CHECK ((every = 'weeks') = (weeks IS NOT NULL)),
  CHECK ((every = 'month by day') = (weekday IS NULL)),
  CHECK (version = 1 OR reason <> '')
);
CALL append_only('meeting_series_terms');
CREATE TABLE meeting_series_member ( -- the core members of its meetings (R56)
  series_id  bigint NOT NULL,
  version    bigint NOT NULL,
  account_id bigint NOT NULL REFERENCES account,
  PRIMARY KEY (series_id, version, account_id),
  FOREIGN KEY (series_id, version) REFERENCES meeting_series_terms (series_id, version)
);
CREATE INDEX ON meeting_series_member (account_id);
CALL append_only('meeting_series_member');
CREATE TABLE meeting_series_end (
  series_id   bigint PRIMARY KEY REFERENCES meeting_series,
  last_on     date NOT NULL,           -- the last day on which it meets
  reason      text NOT NULL CHECK (reason <> ''),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('meeting_series_end');

-- Which meeting stands for which month or week of a series. One that was moved or
-- cancelled by hand keeps its slot, so that the series does not plan it again; one
-- that the series itself gave up frees it.
CREATE TABLE meeting_slot (
  meeting_id bigint PRIMARY KEY REFERENCES meeting,
  series_id  bigint NOT NULL REFERENCES meeting_series,
  slot       text NOT NULL CHECK (slot ~ '^[0-9]{4}-([0-9]{2}|W[0-9]{2})$'),
  due_on     date NOT NULL,            -- by the rhythm alone, before bank holidays
  freed_at   timestamptz,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE UNIQUE INDEX meeting_slot_once ON meeting_slot (series_id, slot) WHERE freed_at IS NULL;
CREATE INDEX ON meeting_slot (series_id);
CALL editable('meeting_slot', 'due_on, freed_at');

-- What a meeting was before each change of its plan.
CREATE TABLE meeting_change (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meeting_id bigint NOT NULL REFERENCES meeting,
  held_on    date NOT NULL,
  starts     text NOT NULL,
  place      text NOT NULL,
  chair_id   bigint NOT NULL REFERENCES account,
  joint_chair_id bigint REFERENCES account,
  series_version bigint,               -- of the series that changed it; none: by hand
  reason     text NOT NULL DEFAULT '',
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CREATE INDEX ON meeting_change (meeting_id, id DESC);
CALL append_only('meeting_change');

-- The address of somebody's calendar, which a calendar program asks without signing
-- in. Only a hash of it is kept; the latest of an account is the one that counts.
CREATE TABLE calendar_address (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id  bigint NOT NULL REFERENCES account,
  token_hash  bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account CHECK (recorded_by = account_id)
);
CREATE INDEX ON calendar_address (account_id, id DESC);
CALL append_only('calendar_address');
CREATE TABLE calendar_address_end (
  address_id  bigint PRIMARY KEY REFERENCES calendar_address,
  recorded_at timestamptz NOT NULL,
  recorded_by bigint NOT NULL REFERENCES account
);
CALL append_only('calendar_address_end');

CALL limit_text();
