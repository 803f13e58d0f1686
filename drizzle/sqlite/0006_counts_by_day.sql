ALTER TABLE `license_days` ADD `failed` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `license_days` ADD `recordings` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
INSERT INTO `license_days` (`license_id`, `day`, `failed`)
SELECT `license_id`, `started_at` - `started_at` % 86400000 AS `of`, count(*)
FROM `sessions` WHERE `status` = 'FAILED' AND `ended_at` IS NOT NULL GROUP BY `license_id`, `of`
ON CONFLICT DO UPDATE SET `failed` = excluded.`failed`;
--> statement-breakpoint
INSERT INTO `license_days` (`license_id`, `day`, `recordings`)
SELECT `license_id`, `created_at` - `created_at` % 86400000 AS `of`, count(*)
FROM `recordings` WHERE `deleted_at` IS NULL GROUP BY `license_id`, `of`
ON CONFLICT DO UPDATE SET `recordings` = excluded.`recordings`;
--> statement-breakpoint
DROP TRIGGER `license_days_session_inserted`;
--> statement-breakpoint
DROP TRIGGER `license_days_session_ended`;
--> statement-breakpoint
DROP TRIGGER `license_days_session_deleted`;
--> statement-breakpoint
DROP TRIGGER `license_days_recorded`;
--> statement-breakpoint
DROP TRIGGER `license_days_recording_changed`;
--> statement-breakpoint
CREATE TRIGGER `license_days_session_inserted` AFTER INSERT ON `sessions` WHEN NEW.`ended_at` IS NOT NULL BEGIN
	INSERT INTO `license_days` (`license_id`, `day`, `sessions`, `failed`, `started`, `started_ms`, `peak_present`)
	VALUES (NEW.`license_id`, NEW.`started_at` - NEW.`started_at` % 86400000, 1, NEW.`status` = 'FAILED', NEW.`status` <> 'FAILED',
		iif(NEW.`status` <> 'FAILED', NEW.`started_at` % 86400000, 0), iif(NEW.`status` <> 'FAILED', NEW.`peak_present`, 0))
	ON CONFLICT DO UPDATE SET `sessions` = `sessions` + 1, `failed` = `failed` + excluded.`failed`, `started` = `started` + excluded.`started`,
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
	INSERT INTO `license_days` (`license_id`, `day`, `sessions`, `failed`, `started`, `started_ms`, `peak_present`)
	VALUES (NEW.`license_id`, NEW.`started_at` - NEW.`started_at` % 86400000, 1, NEW.`status` = 'FAILED', NEW.`status` <> 'FAILED',
		iif(NEW.`status` <> 'FAILED', NEW.`started_at` % 86400000, 0), iif(NEW.`status` <> 'FAILED', NEW.`peak_present`, 0))
	ON CONFLICT DO UPDATE SET `sessions` = `sessions` + 1, `failed` = `failed` + excluded.`failed`, `started` = `started` + excluded.`started`,
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
	UPDATE `license_days` SET `sessions` = `sessions` - 1, `failed` = `failed` - (OLD.`status` = 'FAILED')
	WHERE `license_id` = OLD.`license_id` AND `day` = OLD.`started_at` - OLD.`started_at` % 86400000;
END;
--> statement-breakpoint
CREATE TRIGGER `license_days_recorded` AFTER INSERT ON `recordings` WHEN NEW.`deleted_at` IS NULL BEGIN
	INSERT INTO `license_days` (`license_id`, `day`, `recordings`, `recorded_seconds`)
	VALUES (NEW.`license_id`, NEW.`created_at` - NEW.`created_at` % 86400000, 1, iif(NEW.`status` = 'READY' AND NEW.`deleted_at` IS NULL, coalesce(NEW.`duration_seconds`, 0), 0))
	ON CONFLICT DO UPDATE SET `recordings` = `recordings` + excluded.`recordings`,
		`recorded_seconds` = `recorded_seconds` + excluded.`recorded_seconds`;
END;
--> statement-breakpoint
CREATE TRIGGER `license_days_recording_changed` AFTER UPDATE OF `status`, `deleted_at`, `duration_seconds` ON `recordings` WHEN iif(NEW.`status` = 'READY' AND NEW.`deleted_at` IS NULL, coalesce(NEW.`duration_seconds`, 0), 0) <> iif(OLD.`status` = 'READY' AND OLD.`deleted_at` IS NULL, coalesce(OLD.`duration_seconds`, 0), 0) OR (NEW.`deleted_at` IS NULL) <> (OLD.`deleted_at` IS NULL) BEGIN
	INSERT INTO `license_days` (`license_id`, `day`, `recordings`, `recorded_seconds`)
	VALUES (NEW.`license_id`, NEW.`created_at` - NEW.`created_at` % 86400000, (NEW.`deleted_at` IS NULL) - (OLD.`deleted_at` IS NULL), iif(NEW.`status` = 'READY' AND NEW.`deleted_at` IS NULL, coalesce(NEW.`duration_seconds`, 0), 0) - iif(OLD.`status` = 'READY' AND OLD.`deleted_at` IS NULL, coalesce(OLD.`duration_seconds`, 0), 0))
	ON CONFLICT DO UPDATE SET `recordings` = `recordings` + excluded.`recordings`,
		`recorded_seconds` = `recorded_seconds` + excluded.`recorded_seconds`;
END;
--> statement-breakpoint
CREATE TRIGGER `license_days_recording_deleted` AFTER DELETE ON `recordings` WHEN OLD.`deleted_at` IS NULL BEGIN
	UPDATE `license_days` SET `recordings` = `recordings` - 1
	WHERE `license_id` = OLD.`license_id` AND `day` = OLD.`created_at` - OLD.`created_at` % 86400000;
END;
