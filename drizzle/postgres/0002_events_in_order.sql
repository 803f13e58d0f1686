-- A number is taken when an event is written, and seen when it is committed: whoever writes one waits until the other
-- processes' events are committed, or somebody who reads on from the last number would never see an earlier one.
CREATE FUNCTION "events_in_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(30307, 3);
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "events_in_order" BEFORE INSERT ON "events" FOR EACH STATEMENT EXECUTE FUNCTION "events_in_order"();
