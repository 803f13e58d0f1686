CREATE TABLE `awaited_recordings` (
	`session_id` text PRIMARY KEY NOT NULL,
	`engine` text NOT NULL,
	`due_at` integer NOT NULL,
	`until` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE INDEX `awaited_recordings_due` ON `awaited_recordings` (`engine`,`due_at`);--> statement-breakpoint
ALTER TABLE `recordings` ADD `size_bytes` integer;--> statement-breakpoint
ALTER TABLE `recordings` ADD `formats` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `recordings` ADD `started_at` integer;--> statement-breakpoint
ALTER TABLE `recordings` ADD `ended_at` integer;--> statement-breakpoint
ALTER TABLE `recordings` ADD `has_temporary_urls` integer DEFAULT false NOT NULL;