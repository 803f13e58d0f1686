CREATE TABLE `recording_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`license_id` text NOT NULL,
	`session_id` text NOT NULL,
	`attendance_id` text NOT NULL,
	`is_automatic` integer NOT NULL,
	`started_at` integer NOT NULL,
	`stopped_at` integer,
	`stop_cause` text,
	`stopped_by` text,
	FOREIGN KEY (`attendance_id`) REFERENCES `attendances`(`id`) ON UPDATE no action ON DELETE restrict,
	FOREIGN KEY (`license_id`,`session_id`) REFERENCES `sessions`(`license_id`,`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE INDEX `recording_runs_session` ON `recording_runs` (`session_id`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `recording_runs_of_attendance` ON `recording_runs` (`attendance_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `recording_runs_one_open` ON `recording_runs` (`session_id`) WHERE stopped_at IS NULL;