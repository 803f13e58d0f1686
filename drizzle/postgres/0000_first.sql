CREATE TABLE "access_tokens" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"license_id" text COLLATE "C" NOT NULL,
	"scopes" jsonb NOT NULL,
	"meeting_id" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"license_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"operation" text COLLATE "C" NOT NULL,
	"input_hash" text COLLATE "C" NOT NULL,
	"meeting_id" text COLLATE "C",
	"session_id" text COLLATE "C",
	"person_id" text COLLATE "C",
	"is_new" boolean,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_license_id_key_pk" PRIMARY KEY("license_id","key")
);
--> statement-breakpoint
CREATE TABLE "attendances" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"license_id" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"full_name" text COLLATE "C" NOT NULL,
	"full_name_key" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	"left_at" timestamp (3) with time zone,
	"seconds" bigint DEFAULT 0 NOT NULL,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"license_id" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"meeting_id" text COLLATE "C",
	"session_id" text COLLATE "C",
	"attendance_id" text COLLATE "C",
	"recording_id" text COLLATE "C",
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"door" text COLLATE "C" NOT NULL,
	"request_id" text COLLATE "C",
	"actor" text COLLATE "C",
	"facts" jsonb NOT NULL,
	CONSTRAINT "events_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "instances" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "licenses" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"key_hash" text COLLATE "C" NOT NULL,
	"key_hint" text COLLATE "C" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"max_meetings" bigint,
	"max_running" bigint,
	"max_attendance" bigint,
	"meeting_count" bigint DEFAULT 0 NOT NULL,
	"running_count" bigint DEFAULT 0 NOT NULL,
	"version" bigint DEFAULT 0 NOT NULL,
	"general_settings" jsonb NOT NULL,
	"engine" text COLLATE "C",
	"is_demo" boolean DEFAULT false NOT NULL,
	"revoked_by" text COLLATE "C",
	CONSTRAINT "licenses_key_hash_unique" UNIQUE("key_hash"),
	CONSTRAINT "licenses_counts" CHECK ("licenses"."meeting_count" >= 0 AND "licenses"."running_count" >= 0)
);
--> statement-breakpoint
CREATE TABLE "meetings" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"license_id" text COLLATE "C" NOT NULL,
	"title" text COLLATE "C",
	"title_key" text COLLATE "C" NOT NULL,
	"moderator_password" text COLLATE "C",
	"welcome_text" text COLLATE "C",
	"settings" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "meetings_of_license" UNIQUE("license_id","id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"license_id" text COLLATE "C" NOT NULL,
	"meeting_id" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"failure" text COLLATE "C",
	"title" text COLLATE "C",
	"welcome_text" text COLLATE "C",
	"attendee_password" text COLLATE "C",
	"moderator_name" text COLLATE "C" NOT NULL,
	"logout_url" text COLLATE "C",
	"settings" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"end_cause" text COLLATE "C",
	"peak_present" bigint DEFAULT 0 NOT NULL,
	"engine" text COLLATE "C" NOT NULL,
	"engine_room_id" text COLLATE "C",
	"engine_created_at" timestamp (3) with time zone,
	"engine_checked_at" timestamp (3) with time zone,
	"empty_since" timestamp (3) with time zone,
	CONSTRAINT "sessions_of_license" UNIQUE("license_id","id")
);
--> statement-breakpoint
CREATE TABLE "stays" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"attendance_id" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	"left_at" timestamp (3) with time zone,
	"source" text COLLATE "C" NOT NULL,
	"instance_id" text COLLATE "C",
	"engine_user_id" text COLLATE "C",
	"superseded_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "license_days" (
	"license_id" text COLLATE "C" NOT NULL,
	"day" timestamp (3) with time zone NOT NULL,
	"sessions" bigint DEFAULT 0 NOT NULL,
	"failed" bigint DEFAULT 0 NOT NULL,
	"started" bigint DEFAULT 0 NOT NULL,
	"started_ms" bigint DEFAULT 0 NOT NULL,
	"ended" bigint DEFAULT 0 NOT NULL,
	"ended_ms" bigint DEFAULT 0 NOT NULL,
	"peak_present" bigint DEFAULT 0 NOT NULL,
	"attendances" bigint DEFAULT 0 NOT NULL,
	"recorded_seconds" bigint DEFAULT 0 NOT NULL,
	"recordings" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "license_days_license_id_day_pk" PRIMARY KEY("license_id","day")
);
--> statement-breakpoint
CREATE TABLE "engines" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"options" jsonb NOT NULL,
	"sealed_secrets" text COLLATE "C",
	"weight" bigint NOT NULL,
	"draining_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "on_the_way" (
	"person_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"full_name" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"counts_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sightings" (
	"session_id" text COLLATE "C" NOT NULL,
	"person_id" text COLLATE "C" NOT NULL,
	"line" text COLLATE "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"is_inside" boolean NOT NULL,
	"source" text COLLATE "C" NOT NULL,
	CONSTRAINT "sightings_session_id_person_id_at_line_is_inside_pk" PRIMARY KEY("session_id","person_id","at","line","is_inside")
);
--> statement-breakpoint
CREATE TABLE "awaited_recordings" (
	"session_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"engine" text COLLATE "C" NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recordings" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"license_id" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"engine" text COLLATE "C" NOT NULL,
	"engine_recording_id" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"is_published" boolean NOT NULL,
	"playback_url" text COLLATE "C",
	"duration_seconds" bigint,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"size_bytes" bigint,
	"formats" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"has_temporary_urls" boolean DEFAULT false NOT NULL,
	CONSTRAINT "recordings_of_engine" UNIQUE("engine","engine_recording_id")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"license_id" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"attendance_id" text COLLATE "C" NOT NULL,
	"body" text COLLATE "C" NOT NULL,
	"ref" text COLLATE "C",
	"sent_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"session_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"license_id" text COLLATE "C" NOT NULL,
	"document" text COLLATE "C" NOT NULL,
	"text" text COLLATE "C" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_license_id_licenses_id_fk" FOREIGN KEY ("license_id") REFERENCES "public"."licenses"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_license_id_meeting_id_meetings_license_id_id_fk" FOREIGN KEY ("license_id","meeting_id") REFERENCES "public"."meetings"("license_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency" ADD CONSTRAINT "idempotency_license_id_licenses_id_fk" FOREIGN KEY ("license_id") REFERENCES "public"."licenses"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attendances" ADD CONSTRAINT "attendances_license_id_session_id_sessions_license_id_id_fk" FOREIGN KEY ("license_id","session_id") REFERENCES "public"."sessions"("license_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_license_id_licenses_id_fk" FOREIGN KEY ("license_id") REFERENCES "public"."licenses"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_license_id_meeting_id_meetings_license_id_id_fk" FOREIGN KEY ("license_id","meeting_id") REFERENCES "public"."meetings"("license_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stays" ADD CONSTRAINT "stays_attendance_id_attendances_id_fk" FOREIGN KEY ("attendance_id") REFERENCES "public"."attendances"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stays" ADD CONSTRAINT "stays_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "license_days" ADD CONSTRAINT "license_days_license_id_licenses_id_fk" FOREIGN KEY ("license_id") REFERENCES "public"."licenses"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "on_the_way" ADD CONSTRAINT "on_the_way_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sightings" ADD CONSTRAINT "sightings_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "awaited_recordings" ADD CONSTRAINT "awaited_recordings_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_license_id_session_id_sessions_license_id_id_fk" FOREIGN KEY ("license_id","session_id") REFERENCES "public"."sessions"("license_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_attendance_id_attendances_id_fk" FOREIGN KEY ("attendance_id") REFERENCES "public"."attendances"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_license_id_session_id_sessions_license_id_id_fk" FOREIGN KEY ("license_id","session_id") REFERENCES "public"."sessions"("license_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_license_id_session_id_sessions_license_id_id_fk" FOREIGN KEY ("license_id","session_id") REFERENCES "public"."sessions"("license_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_tokens_meeting" ON "access_tokens" USING btree ("license_id","meeting_id");--> statement-breakpoint
CREATE INDEX "access_tokens_expiry" ON "access_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "idempotency_expiry" ON "idempotency" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "attendances_session_joined" ON "attendances" USING btree ("session_id","joined_at","id");--> statement-breakpoint
CREATE INDEX "attendances_present" ON "attendances" USING btree ("session_id","joined_at","id") WHERE left_at IS NULL;--> statement-breakpoint
CREATE INDEX "events_license" ON "events" USING btree ("license_id","seq");--> statement-breakpoint
CREATE INDEX "events_meeting" ON "events" USING btree ("meeting_id","seq");--> statement-breakpoint
CREATE INDEX "meetings_live_created" ON "meetings" USING btree ("license_id","created_at","id") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "meetings_live_updated" ON "meetings" USING btree ("license_id","updated_at","id") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "meetings_live_title" ON "meetings" USING btree ("license_id","title_key","id") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_one_open" ON "sessions" USING btree ("meeting_id") WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX "sessions_license_started" ON "sessions" USING btree ("license_id","started_at","id");--> statement-breakpoint
CREATE INDEX "sessions_meeting_started" ON "sessions" USING btree ("meeting_id","started_at","id");--> statement-breakpoint
CREATE INDEX "sessions_license_ended" ON "sessions" USING btree ("license_id",(CASE WHEN ended_at IS NULL THEN '9999-12-31T23:59:59.999Z'::timestamptz ELSE ended_at END),"id");--> statement-breakpoint
CREATE INDEX "sessions_meeting_ended" ON "sessions" USING btree ("meeting_id",(CASE WHEN ended_at IS NULL THEN '9999-12-31T23:59:59.999Z'::timestamptz ELSE ended_at END),"id");--> statement-breakpoint
CREATE INDEX "sessions_failed" ON "sessions" USING btree ("license_id","started_at","id") WHERE status = 'FAILED';--> statement-breakpoint
CREATE INDEX "sessions_failed_ended" ON "sessions" USING btree ("license_id",(CASE WHEN ended_at IS NULL THEN '9999-12-31T23:59:59.999Z'::timestamptz ELSE ended_at END),"id") WHERE status = 'FAILED';--> statement-breakpoint
CREATE INDEX "sessions_long" ON "sessions" USING btree ("license_id","ended_at") WHERE (extract(epoch from ended_at - started_at) * 1000) >= 21600000;--> statement-breakpoint
CREATE INDEX "sessions_open" ON "sessions" USING btree ("engine") WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX "sessions_over_elsewhere" ON "sessions" USING btree ("engine","ended_at") WHERE engine <> 'builtin' AND ended_at IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "stays_one_open" ON "stays" USING btree ("attendance_id") WHERE left_at IS NULL;--> statement-breakpoint
CREATE INDEX "stays_of_attendance" ON "stays" USING btree ("attendance_id","joined_at");--> statement-breakpoint
CREATE INDEX "stays_session" ON "stays" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "stays_open" ON "stays" USING btree ("session_id") WHERE left_at IS NULL;--> statement-breakpoint
CREATE INDEX "on_the_way_session" ON "on_the_way" USING btree ("session_id","counts_until");--> statement-breakpoint
CREATE INDEX "on_the_way_over" ON "on_the_way" USING btree ("counts_until");--> statement-breakpoint
CREATE INDEX "sightings_at" ON "sightings" USING btree ("at");--> statement-breakpoint
CREATE INDEX "awaited_recordings_due" ON "awaited_recordings" USING btree ("engine","due_at");--> statement-breakpoint
CREATE INDEX "recordings_session" ON "recordings" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "recordings_live_created" ON "recordings" USING btree ("license_id","created_at","id") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "messages_session_sent" ON "messages" USING btree ("session_id","sent_at","id");--> statement-breakpoint
CREATE INDEX "messages_of_attendance" ON "messages" USING btree ("attendance_id");