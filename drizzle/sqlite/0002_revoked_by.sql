ALTER TABLE `licenses` ADD `revoked_by` text;--> statement-breakpoint
UPDATE `licenses` SET `revoked_by` = CASE WHEN `is_demo` AND NOT EXISTS (SELECT 1 FROM `events` WHERE `events`.`license_id` = `licenses`.`id` AND `events`.`type` = 'license.revoked') THEN 'NEW_SECRET' ELSE 'OPERATOR' END WHERE `revoked_at` IS NOT NULL;
