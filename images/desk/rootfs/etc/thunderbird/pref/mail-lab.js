// What Thunderbird does otherwise on the desk than as it comes. The lab has no Internet, and a student is to
// see the book's windows: so it asks nobody outside for anything, and shows nothing about itself.

// The desk's language is the session's (LANG), with no mark of its own in a mail.
pref("intl.locale.requested", "");

// No windows and pages before the account's set-up: rights, news, donations, "what is new", chat.
pref("mail.rights.override", true);
pref("mailnews.start_page.enabled", false);
pref("mailnews.start_page_override.mstone", "ignore");
pref("mail.inappnotifications.enabled", false);
pref("app.donation.eoy.version.viewed", 999);
pref("mail.chat.enabled", false);
pref("mail.accounthub.thundermail.enabled", false);

// Nothing is reported to anybody.
pref("datareporting.policy.dataSubmissionEnabled", false);
pref("datareporting.healthreport.uploadEnabled", false);
pref("toolkit.telemetry.reportingpolicy.firstRun", false);
pref("toolkit.telemetry.enabled", false);
pref("toolkit.telemetry.server", "");

// No look-up of names that only the Internet knows: whether there is a way out, updates, lists of blocked
// add-ons, settings and certificates that Mozilla serves, a database of providers, Exchange.
pref("network.captive-portal-service.enabled", false);
pref("network.connectivity-service.enabled", false);
pref("network.dns.disablePrefetch", true);
pref("network.trr.mode", 5);
pref("app.update.enabled", false);
pref("extensions.update.enabled", false);
pref("extensions.getAddons.cache.enabled", false);
pref("extensions.blocklist.enabled", false);
pref("extensions.systemAddon.update.enabled", false);
pref("security.remote_settings.crlite_filters.enabled", false);
pref("security.remote_settings.intermediates.enabled", false);
pref("browser.safebrowsing.malware.enabled", false);
pref("browser.safebrowsing.phishing.enabled", false);
pref("browser.safebrowsing.update.enabled", false);
pref("browser.region.update.enabled", false);
pref("browser.region.network.url", "");
pref("mailnews.auto_config_url", "");
pref("mailnews.auto_config.addons_url", "");
pref("mailnews.auto_config.fetchFromExchange.enabled", false);

// The list of mails above, as a table with its columns, and the mail below it: so both have the whole width.
pref("mail.pane_config.dynamic", 0);
pref("mail.threadpane.listview", 1);

// A container has no graphics card, and memory is dear where twenty labs share a machine.
pref("layers.acceleration.disabled", true);
pref("media.hardware-video-decoding.enabled", false);
pref("dom.ipc.processPrelaunch.enabled", false);
pref("dom.ipc.processCount", 1);
pref("browser.cache.disk.enable", false);
pref("calendar.timezone.useSystemTimezone", true);

// /usr/lib/thunderbird/mail-lab.cfg brings the account of a finished lab.
pref("general.config.filename", "mail-lab.cfg");
pref("general.config.obscure_value", 0);
pref("general.config.sandbox_enabled", false);
