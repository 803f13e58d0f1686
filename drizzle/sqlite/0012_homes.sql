ALTER TABLE `instances` ADD `address` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `home_id` text;