-- What sessions that are over came to, by the UTC day: whoever writes a row, it is counted. Likewise on SQLite.
CREATE FUNCTION "day_of"(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_trunc('day', at, 'UTC');
--> statement-breakpoint
CREATE FUNCTION "ms_of_day"(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (extract(epoch from at - date_trunc('day', at, 'UTC')) * 1000)::bigint;
--> statement-breakpoint
CREATE FUNCTION "license_days_session_over"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	failed integer := (NEW.status = 'FAILED')::integer;
	over_at timestamptz := greatest(NEW.ended_at, NEW.started_at);
BEGIN
	INSERT INTO license_days AS days (license_id, day, sessions, failed, started, started_ms, peak_present)
	VALUES (NEW.license_id, day_of(NEW.started_at), 1, failed, 1 - failed, (1 - failed) * ms_of_day(NEW.started_at), (1 - failed) * NEW.peak_present)
	ON CONFLICT (license_id, day) DO UPDATE SET sessions = days.sessions + 1, failed = days.failed + excluded.failed,
		started = days.started + excluded.started, started_ms = days.started_ms + excluded.started_ms,
		peak_present = greatest(days.peak_present, excluded.peak_present);
	IF failed = 1 THEN RETURN NULL; END IF;
	INSERT INTO license_days AS days (license_id, day, ended, ended_ms)
	VALUES (NEW.license_id, day_of(over_at), 1, ms_of_day(over_at))
	ON CONFLICT (license_id, day) DO UPDATE SET ended = days.ended + 1, ended_ms = days.ended_ms + excluded.ended_ms;
	INSERT INTO license_days AS days (license_id, day, attendances)
	SELECT NEW.license_id, day_of(joined_at), count(*) FROM attendances WHERE session_id = NEW.id GROUP BY 2 ORDER BY 2
	ON CONFLICT (license_id, day) DO UPDATE SET attendances = days.attendances + excluded.attendances;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "license_days_session_inserted" AFTER INSERT ON "sessions" FOR EACH ROW
WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION "license_days_session_over"();
--> statement-breakpoint
CREATE TRIGGER "license_days_session_ended" AFTER UPDATE OF "ended_at" ON "sessions" FOR EACH ROW
WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION "license_days_session_over"();
--> statement-breakpoint
CREATE FUNCTION "license_days_session_gone"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE license_days SET sessions = sessions - 1, failed = failed - (OLD.status = 'FAILED')::integer
	WHERE license_id = OLD.license_id AND day = day_of(OLD.started_at);
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "license_days_session_deleted" AFTER DELETE ON "sessions" FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION "license_days_session_gone"();
--> statement-breakpoint
CREATE FUNCTION "license_days_entered"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT 1 FROM sessions WHERE id = NEW.session_id AND ended_at IS NOT NULL AND status <> 'FAILED') THEN
		RETURN NULL;
	END IF;
	IF TG_OP = 'UPDATE' THEN
		UPDATE license_days SET attendances = attendances - 1
		WHERE license_id = OLD.license_id AND day = day_of(OLD.joined_at);
	END IF;
	INSERT INTO license_days AS days (license_id, day, attendances) VALUES (NEW.license_id, day_of(NEW.joined_at), 1)
	ON CONFLICT (license_id, day) DO UPDATE SET attendances = days.attendances + 1;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "license_days_entered_late" AFTER INSERT ON "attendances" FOR EACH ROW
EXECUTE FUNCTION "license_days_entered"();
--> statement-breakpoint
CREATE TRIGGER "license_days_entered_earlier" AFTER UPDATE OF "joined_at" ON "attendances" FOR EACH ROW
WHEN (day_of(OLD.joined_at) <> day_of(NEW.joined_at)) EXECUTE FUNCTION "license_days_entered"();
--> statement-breakpoint
CREATE FUNCTION "license_days_recording"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	there integer := 0;
	lasting bigint := 0;
BEGIN
	IF TG_OP <> 'DELETE' AND NEW.deleted_at IS NULL THEN
		there := 1;
		lasting := CASE NEW.status WHEN 'READY' THEN coalesce(NEW.duration_seconds, 0) ELSE 0 END;
	END IF;
	IF TG_OP = 'DELETE' THEN
		-- What was used stays, of what is there there is one less.
		UPDATE license_days SET recordings = recordings - 1
		WHERE license_id = OLD.license_id AND day = day_of(OLD.created_at);
		RETURN NULL;
	END IF;
	IF TG_OP = 'UPDATE' AND OLD.deleted_at IS NULL THEN
		there := there - 1;
		lasting := lasting - CASE OLD.status WHEN 'READY' THEN coalesce(OLD.duration_seconds, 0) ELSE 0 END;
	END IF;
	IF there = 0 AND lasting = 0 THEN RETURN NULL; END IF;
	INSERT INTO license_days AS days (license_id, day, recordings, recorded_seconds)
	VALUES (NEW.license_id, day_of(NEW.created_at), there, lasting)
	ON CONFLICT (license_id, day) DO UPDATE SET recordings = days.recordings + excluded.recordings,
		recorded_seconds = days.recorded_seconds + excluded.recorded_seconds;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "license_days_recorded" AFTER INSERT ON "recordings" FOR EACH ROW
EXECUTE FUNCTION "license_days_recording"();
--> statement-breakpoint
CREATE TRIGGER "license_days_recording_changed" AFTER UPDATE OF "status", "deleted_at", "duration_seconds" ON "recordings" FOR EACH ROW
EXECUTE FUNCTION "license_days_recording"();
--> statement-breakpoint
CREATE TRIGGER "license_days_recording_deleted" AFTER DELETE ON "recordings" FOR EACH ROW
WHEN (OLD.deleted_at IS NULL) EXECUTE FUNCTION "license_days_recording"();
--> statement-breakpoint
-- Whose data a transaction changes is noted in it, for the license's version, and told to all processes at its commit.
CREATE FUNCTION "touch"(license text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	known text := coalesce(nullif(current_setting('vconnct.touched', true), ''), ' ');
BEGIN
	IF strpos(known, ' ' || license || ' ') > 0 THEN RETURN; END IF;
	PERFORM set_config('vconnct.touched', known || license || ' ', true);
	PERFORM pg_notify('vconnct', license);
END $$;
--> statement-breakpoint
CREATE FUNCTION "touched_license"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM touch(CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END);
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "touched_row"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM touch(CASE TG_OP WHEN 'DELETE' THEN OLD.license_id ELSE NEW.license_id END);
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "touched_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM touch(license_id) FROM attendances
	WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.attendance_id ELSE NEW.attendance_id END;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION "touched_nobody"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('vconnct', '');
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "licenses" FOR EACH ROW EXECUTE FUNCTION "touched_license"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "meetings" FOR EACH ROW EXECUTE FUNCTION "touched_row"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "sessions" FOR EACH ROW EXECUTE FUNCTION "touched_row"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "attendances" FOR EACH ROW EXECUTE FUNCTION "touched_row"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "stays" FOR EACH ROW EXECUTE FUNCTION "touched_stay"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "recordings" FOR EACH ROW EXECUTE FUNCTION "touched_row"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "messages" FOR EACH ROW EXECUTE FUNCTION "touched_row"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "notes" FOR EACH ROW EXECUTE FUNCTION "touched_row"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE ON "events" FOR EACH ROW EXECUTE FUNCTION "touched_row"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE ON "access_tokens" FOR EACH ROW EXECUTE FUNCTION "touched_row"();
--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "engines" FOR EACH STATEMENT EXECUTE FUNCTION "touched_nobody"();
