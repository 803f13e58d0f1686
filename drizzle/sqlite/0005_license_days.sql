CREATE TABLE `license_days` (
	`license_id` text NOT NULL,
	`day` integer NOT NULL,
	`sessions` integer DEFAULT 0 NOT NULL,
	`started` integer DEFAULT 0 NOT NULL,
	`started_ms` integer DEFAULT 0 NOT NULL,
	`ended` integer DEFAULT 0 NOT NULL,
	`ended_ms` integer DEFAULT 0 NOT NULL,
	`peak_present` integer DEFAULT 0 NOT NULL,
	`attendances` integer DEFAULT 0 NOT NULL,
	`recorded_seconds` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`license_id`, `day`),
	FOREIGN KEY (`license_id`) REFERENCES `licenses`(`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE INDEX `sessions_failed_ended` ON `sessions` (`license_id`,CASE WHEN ended_at IS NULL THEN 253402300799999 ELSE ended_at END,`id`) WHERE status = 'FAILED';--> statement-breakpoint
CREATE INDEX `sessions_long` ON `sessions` (`license_id`,`ended_at`) WHERE ended_at - started_at >= 21600000;--> statement-breakpoint
INSERT INTO `license_days` (`license_id`, `day`, `sessions`, `started`, `started_ms`, `peak_present`)
SELECT `license_id`, `started_at` - `started_at` % 86400000 AS `of`, count(*), sum(`status` <> 'FAILED'),
	sum(iif(`status` <> 'FAILED', `started_at` % 86400000, 0)), max(iif(`status` <> 'FAILED', `peak_present`, 0))
FROM `sessions` WHERE `ended_at` IS NOT NULL GROUP BY `license_id`, `of`;
--> statement-breakpoint
INSERT INTO `license_days` (`license_id`, `day`, `ended`, `ended_ms`)
SELECT `license_id`, max(`ended_at`, `started_at`) - max(`ended_at`, `started_at`) % 86400000 AS `of`, count(*), sum(max(`ended_at`, `started_at`) % 86400000)
FROM `sessions` WHERE `ended_at` IS NOT NULL AND `status` <> 'FAILED' GROUP BY `license_id`, `of`
ON CONFLICT DO UPDATE SET `ended` = excluded.`ended`, `ended_ms` = excluded.`ended_ms`;
--> statement-breakpoint
INSERT INTO `license_days` (`license_id`, `day`, `attendances`)
SELECT `sessions`.`license_id`, `joined_at` - `joined_at` % 86400000 AS `of`, count(*)
FROM `sessions` CROSS JOIN `attendances` ON `attendances`.`session_id` = `sessions`.`id`
WHERE `ended_at` IS NOT NULL AND `status` <> 'FAILED' GROUP BY `sessions`.`license_id`, `of`
ON CONFLICT DO UPDATE SET `attendances` = excluded.`attendances`;
--> statement-breakpoint
INSERT INTO `license_days` (`license_id`, `day`, `recorded_seconds`)
SELECT `license_id`, `created_at` - `created_at` % 86400000 AS `of`, sum(coalesce(`duration_seconds`, 0))
FROM `recordings` WHERE `status` = 'READY' AND `deleted_at` IS NULL GROUP BY `license_id`, `of`
ON CONFLICT DO UPDATE SET `recorded_seconds` = excluded.`recorded_seconds`;
--> statement-breakpoint
CREATE TRIGGER `license_days_session_inserted` AFTER INSERT ON `sessions` WHEN NEW.`ended_at` IS NOT NULL BEGIN
	INSERT INTO `license_days` (`license_id`, `day`, `sessions`, `started`, `started_ms`, `peak_present`)
	VALUES (NEW.`license_id`, NEW.`started_at` - NEW.`started_at` % 86400000, 1, NEW.`status` <> 'FAILED',
		iif(NEW.`status` <> 'FAILED', NEW.`started_at` % 86400000, 0), iif(NEW.`status` <> 'FAILED', NEW.`peak_present`, 0))
	ON CONFLICT DO UPDATE SET `sessions` = `sessions` + 1, `started` = `started` + excluded.`started`,
		`started_ms` = `started_ms` + excluded.`started_ms`, `peak_present` = max(`peak_present`, excluded.`peak_present`);
	INSERT INTO `license_days` (`license_id`, `day`, `ended`, `ended_ms`)
	SELECT NEW.`license_id`, max(NEW.`ended_at`, NEW.`started_at`) - max(NEW.`ended_at`, NEW.`started_at`) % 86400000, 1, max(NEW.`ended_at`, NEW.`started_at`) % 86400000 WHERE NEW.`status` <> 'FAILED'
	ON CONFLICT DO UPDATE SET `ended` = `ended` + 1, `ended_ms` = `ended_ms` + excluded.`ended_ms`;
	INSERT INTO `license_days` (`license_id`, `day`, `attendances`)
	SELECT NEW.`license_id`, `joined_at` - `joined_at` % 86400000 AS `of`, count(*) FROM `attendances`
	WHERE `session_id` = NEW.`id` AND NEW.`status` <> 'FAILED' GROUP BY `of`
	ON CONFLICT DO UPDATE SET `attendances` = `attendances` + excluded.`attendances`;
END;
--> statement-breakpoint
CREATE TRIGGER `license_days_session_ended` AFTER UPDATE OF `ended_at` ON `sessions` WHEN OLD.`ended_at` IS NULL AND NEW.`ended_at` IS NOT NULL BEGIN
	INSERT INTO `license_days` (`license_id`, `day`, `sessions`, `started`, `started_ms`, `peak_present`)
	VALUES (NEW.`license_id`, NEW.`started_at` - NEW.`started_at` % 86400000, 1, NEW.`status` <> 'FAILED',
		iif(NEW.`status` <> 'FAILED', NEW.`started_at` % 86400000, 0), iif(NEW.`status` <> 'FAILED', NEW.`peak_present`, 0))
	ON CONFLICT DO UPDATE SET `sessions` = `sessions` + 1, `started` = `started` + excluded.`started`,
		`started_ms` = `started_ms` + excluded.`started_ms`, `peak_present` = max(`peak_present`, excluded.`peak_present`);
	INSERT INTO `license_days` (`license_id`, `day`, `ended`, `ended_ms`)
	SELECT NEW.`license_id`, max(NEW.`ended_at`, NEW.`started_at`) - max(NEW.`ended_at`, NEW.`started_at`) % 86400000, 1, max(NEW.`ended_at`, NEW.`started_at`) % 86400000 WHERE NEW.`status` <> 'FAILED'
	ON CONFLICT DO UPDATE SET `ended` = `ended` + 1, `ended_ms` = `ended_ms` + excluded.`ended_ms`;
	INSERT INTO `license_days` (`license_id`, `day`, `attendances`)
	SELECT NEW.`license_id`, `joined_at` - `joined_at` % 86400000 AS `of`, count(*) FROM `attendances`
	WHERE `session_id` = NEW.`id` AND NEW.`status` <> 'FAILED' GROUP BY `of`
	ON CONFLICT DO UPDATE SET `attendances` = `attendances` + excluded.`attendances`;
END;
--> statement-breakpoint
CREATE TRIGGER `license_days_session_deleted` AFTER DELETE ON `sessions` WHEN OLD.`ended_at` IS NOT NULL BEGIN
	UPDATE `license_days` SET `sessions` = `sessions` - 1
	WHERE `license_id` = OLD.`license_id` AND `day` = OLD.`started_at` - OLD.`started_at` % 86400000;
END;
--> statement-breakpoint
CREATE TRIGGER `license_days_entered_late` AFTER INSERT ON `attendances`
WHEN (SELECT `ended_at` IS NOT NULL AND `status` <> 'FAILED' FROM `sessions` WHERE `id` = NEW.`session_id`) BEGIN
	INSERT INTO `license_days` (`license_id`, `day`, `attendances`) VALUES (NEW.`license_id`, NEW.`joined_at` - NEW.`joined_at` % 86400000, 1)
	ON CONFLICT DO UPDATE SET `attendances` = `attendances` + 1;
END;
--> statement-breakpoint
CREATE TRIGGER `license_days_recorded` AFTER INSERT ON `recordings` WHEN iif(NEW.`status` = 'READY' AND NEW.`deleted_at` IS NULL, coalesce(NEW.`duration_seconds`, 0), 0) <> 0 BEGIN
	INSERT INTO `license_days` (`license_id`, `day`, `recorded_seconds`)
	VALUES (NEW.`license_id`, NEW.`created_at` - NEW.`created_at` % 86400000, iif(NEW.`status` = 'READY' AND NEW.`deleted_at` IS NULL, coalesce(NEW.`duration_seconds`, 0), 0))
	ON CONFLICT DO UPDATE SET `recorded_seconds` = `recorded_seconds` + excluded.`recorded_seconds`;
END;
--> statement-breakpoint
CREATE TRIGGER `license_days_recording_changed` AFTER UPDATE OF `status`, `deleted_at`, `duration_seconds` ON `recordings` WHEN iif(NEW.`status` = 'READY' AND NEW.`deleted_at` IS NULL, coalesce(NEW.`duration_seconds`, 0), 0) <> iif(OLD.`status` = 'READY' AND OLD.`deleted_at` IS NULL, coalesce(OLD.`duration_seconds`, 0), 0) BEGIN
	INSERT INTO `license_days` (`license_id`, `day`, `recorded_seconds`)
	VALUES (NEW.`license_id`, NEW.`created_at` - NEW.`created_at` % 86400000, iif(NEW.`status` = 'READY' AND NEW.`deleted_at` IS NULL, coalesce(NEW.`duration_seconds`, 0), 0) - iif(OLD.`status` = 'READY' AND OLD.`deleted_at` IS NULL, coalesce(OLD.`duration_seconds`, 0), 0))
	ON CONFLICT DO UPDATE SET `recorded_seconds` = `recorded_seconds` + excluded.`recorded_seconds`;
END;
