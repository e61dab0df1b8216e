/* dateline version: this program and what it stands on. */
#include "cli.h"
#include "commands.h"
#include "pipeline/engine.h"

#include <cjson/cJSON.h>
#include <libxml/xmlversion.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <utf8proc.h>
#include <uv.h>
#include <yaml.h>

#ifdef DL_RDKAFKA_BUNDLED
static const char rdkafka_from[] = "bundled";
#else
static const char rdkafka_from[] = "of the system";
#endif

static void print_libraries(void)
{
    (void)printf("dateline    %s\n", DL_VERSION);
    (void)printf("librdkafka  %s (%s)\n", rd_kafka_version_str(), rdkafka_from);
    (void)printf("libuv       %s\n", uv_version_string());
    (void)printf("cJSON       %s\n", cJSON_Version());
    (void)printf("utf8proc    %s\n", utf8proc_version());
    (void)printf("libyaml     %s\n", yaml_get_version_string());
    (void)printf("libxml2     %s\n", LIBXML_DOTTED_VERSION);
}

static int print_models(void)
{
    const dl_engine_opts opts = dl_engine_defaults();
    dl_engine *engine;
    dl_error err;
    uint32_t n;

    if (dl_engine_open(&engine, &opts, &err) != DL_OK) {
        (void)fprintf(stderr, "dateline: %s: %s\n", err.where, err.msg);
        return DL_EXIT_CONFIG;
    }
    const dl_resource *const resources = dl_engine_resources(engine, &n);

    for (uint32_t i = 0; i < n; i++)
        (void)printf("model %-5s %s\n", resources[i].name, resources[i].version);
    dl_engine_close(engine);
    return DL_EXIT_OK;
}

int dl_cmd_version(int argc, char **argv)
{
    const dl_cli_opt opts[] = {{0}};
    const dl_cli cli = {.verb = "version", .args = "", .what = "Print the versions of the program, its libraries and its models.", .opts = opts};
    int first;
    const int rc = dl_cli_parse(&cli, argc, argv, &first);

    if (rc != DL_CLI_GO_ON)
        return rc;
    print_libraries();
    return print_models();
}
