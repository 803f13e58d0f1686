CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`license_id` text NOT NULL,
	`session_id` text NOT NULL,
	`attendance_id` text NOT NULL,
	`body` text NOT NULL,
	`ref` text,
	`sent_at` integer NOT NULL,
	FOREIGN KEY (`attendance_id`) REFERENCES `attendances`(`id`) ON UPDATE no action ON DELETE restrict,
	FOREIGN KEY (`license_id`,`session_id`) REFERENCES `sessions`(`license_id`,`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE INDEX `messages_session_sent` ON `messages` (`session_id`,`sent_at`,`id`);--> statement-breakpoint
CREATE INDEX `messages_of_attendance` ON `messages` (`attendance_id`);--> statement-breakpoint
ALTER TABLE `attendances` ADD `removed_at` integer;