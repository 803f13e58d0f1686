CREATE TABLE `access_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`license_id` text NOT NULL,
	`scopes` text NOT NULL,
	`meeting_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`license_id`) REFERENCES `licenses`(`id`) ON UPDATE no action ON DELETE restrict,
	FOREIGN KEY (`license_id`,`meeting_id`) REFERENCES `meetings`(`license_id`,`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE INDEX `access_tokens_expiry` ON `access_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `idempotency` (
	`license_id` text NOT NULL,
	`key` text NOT NULL,
	`operation` text NOT NULL,
	`input_hash` text NOT NULL,
	`meeting_id` text,
	`session_id` text,
	`person_id` text,
	`is_new` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`license_id`, `key`),
	FOREIGN KEY (`license_id`) REFERENCES `licenses`(`id`) ON UPDATE no action ON DELETE restrict
);
--> statement-breakpoint
CREATE INDEX `idempotency_expiry` ON `idempotency` (`expires_at`);