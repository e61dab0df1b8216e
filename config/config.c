typedef int dl_config_placeholder;
