CREATE TABLE `on_the_way` (
	`person_id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`full_name` text NOT NULL,
	`role` text NOT NULL,
	`counts_until` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `on_the_way_session` ON `on_the_way` (`session_id`,`counts_until`);--> statement-breakpoint
CREATE INDEX `on_the_way_over` ON `on_the_way` (`counts_until`);--> statement-breakpoint
CREATE TABLE `sightings` (
	`session_id` text NOT NULL,
	`person_id` text NOT NULL,
	`line` text NOT NULL,
	`at` integer NOT NULL,
	`is_inside` integer NOT NULL,
	`source` text NOT NULL,
	PRIMARY KEY(`session_id`, `person_id`, `at`, `line`, `is_inside`),
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sightings_at` ON `sightings` (`at`);--> statement-breakpoint
DROP INDEX `stays_engine_user`;--> statement-breakpoint
DROP INDEX `stays_one_open`;--> statement-breakpoint
ALTER TABLE `stays` ADD `superseded_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `stays_one_open` ON `stays` (`attendance_id`) WHERE left_at IS NULL;--> statement-breakpoint
CREATE INDEX `sessions_over_elsewhere` ON `sessions` (`engine`,`ended_at`) WHERE engine <> 'builtin' AND ended_at IS NOT NULL;--> statement-breakpoint
CREATE TRIGGER `license_days_entered_earlier` AFTER UPDATE OF `joined_at` ON `attendances`
WHEN OLD.`joined_at` / 86400000 <> NEW.`joined_at` / 86400000 AND (SELECT `ended_at` IS NOT NULL AND `status` <> 'FAILED' FROM `sessions` WHERE `id` = NEW.`session_id`) BEGIN
	UPDATE `license_days` SET `attendances` = `attendances` - 1
	WHERE `license_id` = OLD.`license_id` AND `day` = OLD.`joined_at` - OLD.`joined_at` % 86400000;
	INSERT INTO `license_days` (`license_id`, `day`, `attendances`) VALUES (NEW.`license_id`, NEW.`joined_at` - NEW.`joined_at` % 86400000, 1)
	ON CONFLICT DO UPDATE SET `attendances` = `attendances` + 1;
END;
