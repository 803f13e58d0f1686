CREATE TABLE `attendances` (
	`id` text PRIMARY KEY NOT NULL,
	`license_id` text NOT NULL,
	`session_id` text NOT NULL,
	`full_name` text NOT NULL,
	`full_name_key` text NOT NULL,
	`role` text NOT NULL,
	`joined_at` integer NOT NULL,
	`left_at` integer,
	`seconds` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`license_id`,`session_id`) REFERENCES `sessions`(`license_id`,`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE INDEX `attendances_session_joined` ON `attendances` (`session_id`,`joined_at`,`id`);--> statement-breakpoint
CREATE INDEX `attendances_present` ON `attendances` (`session_id`) WHERE left_at IS NULL;--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`license_id` text NOT NULL,
	`type` text NOT NULL,
	`meeting_id` text,
	`session_id` text,
	`attendance_id` text,
	`recording_id` text,
	`occurred_at` integer NOT NULL,
	`door` text NOT NULL,
	`request_id` text,
	`actor` text,
	`facts` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_id_unique` ON `events` (`id`);--> statement-breakpoint
CREATE INDEX `events_license` ON `events` (`license_id`,`seq`);--> statement-breakpoint
CREATE INDEX `events_meeting` ON `events` (`meeting_id`,`seq`);--> statement-breakpoint
CREATE TABLE `instances` (
	`id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE TABLE `licenses` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`key_hash` text NOT NULL,
	`key_hint` text NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`max_meetings` integer,
	`max_running` integer,
	`max_attendance` integer,
	`meeting_count` integer DEFAULT 0 NOT NULL,
	`running_count` integer DEFAULT 0 NOT NULL,
	`version` integer DEFAULT 0 NOT NULL,
	`general_settings` text NOT NULL,
	`engine` text,
	`is_demo` integer DEFAULT false NOT NULL,
	CONSTRAINT "licenses_counts" CHECK("licenses"."meeting_count" >= 0 AND "licenses"."running_count" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `licenses_key_hash_unique` ON `licenses` (`key_hash`);--> statement-breakpoint
CREATE TABLE `meetings` (
	`id` text PRIMARY KEY NOT NULL,
	`license_id` text NOT NULL,
	`title` text,
	`title_key` text NOT NULL,
	`moderator_password` text,
	`welcome_text` text,
	`settings` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`license_id`) REFERENCES `licenses`(`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE INDEX `meetings_live_created` ON `meetings` (`license_id`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `meetings_live_updated` ON `meetings` (`license_id`,`updated_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `meetings_live_title` ON `meetings` (`license_id`,`title_key`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `meetings_of_license` ON `meetings` (`license_id`,`id`);--> statement-breakpoint
CREATE TABLE `recordings` (
	`id` text PRIMARY KEY NOT NULL,
	`license_id` text NOT NULL,
	`session_id` text NOT NULL,
	`engine` text NOT NULL,
	`engine_recording_id` text NOT NULL,
	`status` text NOT NULL,
	`is_published` integer NOT NULL,
	`playback_url` text,
	`duration_seconds` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`license_id`,`session_id`) REFERENCES `sessions`(`license_id`,`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE INDEX `recordings_session` ON `recordings` (`session_id`);--> statement-breakpoint
CREATE INDEX `recordings_license_created` ON `recordings` (`license_id`,`created_at`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `recordings_of_engine` ON `recordings` (`engine`,`engine_recording_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`license_id` text NOT NULL,
	`meeting_id` text NOT NULL,
	`status` text NOT NULL,
	`failure` text,
	`title` text,
	`welcome_text` text,
	`attendee_password` text,
	`moderator_name` text NOT NULL,
	`logout_url` text,
	`settings` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`end_cause` text,
	`peak_present` integer DEFAULT 0 NOT NULL,
	`engine` text NOT NULL,
	`engine_room_id` text,
	`engine_created_at` integer,
	`engine_checked_at` integer,
	`empty_since` integer,
	FOREIGN KEY (`license_id`,`meeting_id`) REFERENCES `meetings`(`license_id`,`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_one_open` ON `sessions` (`meeting_id`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX `sessions_license_started` ON `sessions` (`license_id`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_meeting_started` ON `sessions` (`meeting_id`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `sessions_open` ON `sessions` (`engine`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_of_license` ON `sessions` (`license_id`,`id`);--> statement-breakpoint
CREATE TABLE `stays` (
	`id` text PRIMARY KEY NOT NULL,
	`attendance_id` text NOT NULL,
	`session_id` text NOT NULL,
	`joined_at` integer NOT NULL,
	`left_at` integer,
	`source` text NOT NULL,
	`instance_id` text,
	`engine_user_id` text,
	FOREIGN KEY (`attendance_id`) REFERENCES `attendances`(`id`) ON UPDATE no action ON DELETE restrict,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE UNIQUE INDEX `stays_one_open` ON `stays` (`attendance_id`) WHERE left_at IS NULL AND source = 'LIVE';--> statement-breakpoint
CREATE UNIQUE INDEX `stays_engine_user` ON `stays` (`session_id`,`engine_user_id`,`joined_at`) WHERE engine_user_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `stays_of_attendance` ON `stays` (`attendance_id`,`joined_at`);--> statement-breakpoint
CREATE INDEX `stays_open` ON `stays` (`session_id`) WHERE left_at IS NULL;