CREATE TABLE `notes` (
	`session_id` text PRIMARY KEY NOT NULL,
	`license_id` text NOT NULL,
	`document` text NOT NULL,
	`text` text NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`license_id`,`session_id`) REFERENCES `sessions`(`license_id`,`id`) ON UPDATE no action ON DELETE restrict
);
