DROP INDEX `recordings_license_created`;--> statement-breakpoint
CREATE INDEX `recordings_live_created` ON `recordings` (`license_id`,`created_at`,`id`) WHERE deleted_at IS NULL;--> statement-breakpoint
DROP INDEX `attendances_present`;--> statement-breakpoint
CREATE INDEX `attendances_present` ON `attendances` (`session_id`,`joined_at`,`id`) WHERE left_at IS NULL;--> statement-breakpoint
CREATE INDEX `access_tokens_meeting` ON `access_tokens` (`license_id`,`meeting_id`);--> statement-breakpoint
CREATE INDEX `sessions_license_ended` ON `sessions` (`license_id`,CASE WHEN ended_at IS NULL THEN 253402300799999 ELSE ended_at END,`id`);--> statement-breakpoint
CREATE INDEX `sessions_meeting_ended` ON `sessions` (`meeting_id`,CASE WHEN ended_at IS NULL THEN 253402300799999 ELSE ended_at END,`id`);--> statement-breakpoint
CREATE INDEX `sessions_failed` ON `sessions` (`license_id`,`started_at`,`id`) WHERE status = 'FAILED';--> statement-breakpoint
CREATE INDEX `stays_session` ON `stays` (`session_id`);