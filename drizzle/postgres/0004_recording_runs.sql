CREATE TABLE "recording_runs" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"license_id" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"attendance_id" text COLLATE "C" NOT NULL,
	"is_automatic" boolean NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"stopped_at" timestamp (3) with time zone,
	"stop_cause" text COLLATE "C",
	"stopped_by" text COLLATE "C"
);
--> statement-breakpoint
ALTER TABLE "recording_runs" ADD CONSTRAINT "recording_runs_attendance_id_attendances_id_fk" FOREIGN KEY ("attendance_id") REFERENCES "public"."attendances"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recording_runs" ADD CONSTRAINT "recording_runs_license_id_session_id_sessions_license_id_id_fk" FOREIGN KEY ("license_id","session_id") REFERENCES "public"."sessions"("license_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recording_runs_session" ON "recording_runs" USING btree ("session_id","started_at","id");--> statement-breakpoint
CREATE INDEX "recording_runs_of_attendance" ON "recording_runs" USING btree ("attendance_id");--> statement-breakpoint
CREATE UNIQUE INDEX "recording_runs_one_open" ON "recording_runs" USING btree ("session_id") WHERE stopped_at IS NULL;--> statement-breakpoint
CREATE TRIGGER "touched" AFTER INSERT OR UPDATE OR DELETE ON "recording_runs" FOR EACH ROW EXECUTE FUNCTION "touched_row"();
