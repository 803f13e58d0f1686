DROP INDEX `sessions_meeting_started`;--> statement-breakpoint
CREATE INDEX `sessions_meeting_started` ON `sessions` (`meeting_id`,`started_at`,`id`,`license_id`);