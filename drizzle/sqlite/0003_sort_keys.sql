UPDATE `meetings` SET `title_key` = sort_key(`title`) WHERE `title_key` <> sort_key(`title`);
--> statement-breakpoint
UPDATE `attendances` SET `full_name_key` = sort_key(`full_name`) WHERE `full_name_key` <> sort_key(`full_name`);
